/** A piece of work that is done again and again, never twice at once. */
export interface Repeater {
  /** Does it now, or again at once when it is being done. */
  wake(): void;
  /** Returns when the run under way has ended; there is none after it. */
  stop(): Promise<void>;
}

/**
 * Starts repeating a piece of work.
 * @param work must handle its own errors; returns milliseconds until it is to be done again
 * @param firstMs milliseconds until the first time
 */
export function repeat(work: () => Promise<number>, firstMs = 0): Repeater {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const schedule = (ms: number): void => {
    if (stopped) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      running = run();
    }, ms);
  };
  const run = async (): Promise<void> => {
    again = false;
    const nextMs = await work();
    running = null;
    schedule(again ? 0 : nextMs);
  };
  schedule(firstMs);

  return {
    wake() {
      if (running !== null) again = true;
      else schedule(0);
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
