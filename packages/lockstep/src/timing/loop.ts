import { TIMER_MS_MAX } from "./timer.js";

/** Work that is run repeatedly, never twice at once. */
export interface Loop {
  /** Does nothing while the loop runs. */
  start(): void;
  /**
   * Resolves when the current run has ended; no other run follows. Repeatable, and safe before
   * `start`.
   */
  stop(): Promise<void>;
  /**
   * Runs the work within this many milliseconds instead of later, by default at once. During a run,
   * it requests one more run afterwards. Does nothing before `start`.
   */
  wake(withinMs?: number): void;
}

export interface LoopOptions {
  /** Milliseconds from the start until the first run; `Infinity`: until it is woken. Default 0. */
  readonly firstMs?: number;
  /**
   * Minimum milliseconds from the start of one run to the start of the next run that a wake-up
   * requests. Default 0.
   */
  readonly wakeMsMin?: number;
  /** Whether the process may end while the loop waits. Default false. */
  readonly mayExit?: boolean;
}

/**
 * Creates a loop; it does nothing before `start`.
 * @param work must handle its own errors; returns milliseconds until the next run, `Infinity` to
 *   wait for a wake-up. Its signal is aborted when the loop stops
 */
export function createLoop(
  work: (stopping: AbortSignal) => Promise<number>,
  options: LoopOptions = {},
): Loop {
  const { firstMs = 0, wakeMsMin = 0, mayExit = false } = options;
  let stopping: AbortController | null = null;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  /** A wake-up during a run: the next run follows within this many milliseconds after it. */
  let againMs = Number.POSITIVE_INFINITY;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let beganAtMs = Number.NEGATIVE_INFINITY;

  const plan = (ms: number): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    dueAtMs = performance.now() + ms;
    if (ms === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(
      () => {
        timer = null;
        running = run();
      },
      Math.min(ms, TIMER_MS_MAX),
    );
    if (mayExit) timer.unref();
  };
  const planSooner = (withinMs: number): void => {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs + withinMs, beganAtMs + wakeMsMin);
    if (atMs < dueAtMs) plan(atMs - nowMs);
  };
  const run = async (): Promise<void> => {
    const mine = stopping;
    if (mine === null) return;
    againMs = Number.POSITIVE_INFINITY;
    beganAtMs = performance.now();
    const nextMs = await work(mine.signal);
    running = null;
    if (stopping === null) return;
    // Stopped and started again during this run: the next run is the first one of the new start.
    plan(mine.signal.aborted ? firstMs : nextMs);
    if (againMs < Number.POSITIVE_INFINITY) planSooner(againMs);
  };

  return {
    start() {
      if (stopping !== null) return;
      stopping = new AbortController();
      if (running === null) plan(firstMs);
    },
    async stop() {
      stopping?.abort();
      stopping = null;
      if (timer) clearTimeout(timer);
      timer = null;
      await running;
    },
    wake(withinMs = 0) {
      if (stopping === null) return;
      if (running !== null) againMs = Math.min(againMs, withinMs);
      else planSooner(withinMs);
    },
  };
}
