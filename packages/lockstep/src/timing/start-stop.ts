/** Something that starts and stops. */
export interface StartStop {
  /**
   * Resolves when it has started. Called again while it runs, it does nothing.
   * @throws what `begin` threw
   */
  start(): Promise<void>;
  /** Resolves when nothing of it runs any more. Repeatable, and safe before and during `start`. */
  stop(): Promise<void>;
}

interface Run {
  readonly stopping: AbortController;
  readonly begun: Promise<() => Promise<void> | void>;
  ended: Promise<void> | null;
}

/**
 * Adds the start and stop contract to a function that starts something.
 * @param begin starts the thing and returns the function that ends it. Its signal is aborted when
 *   the thing must stop, also while it starts
 */
export function createStartStop(
  begin: (stopping: AbortSignal) => Promise<() => Promise<void> | void>,
): StartStop {
  let current: Run | null = null;

  const end = async (run: Run): Promise<void> => {
    run.stopping.abort();
    try {
      // A failed start has reported its error to its own caller, and has left nothing to end.
      const ending = await run.begun.catch(() => null);
      await ending?.();
    } finally {
      if (current === run) current = null;
    }
  };
  return {
    async start() {
      while (current !== null && current.ended !== null) await current.ended;
      if (current === null) {
        const stopping = new AbortController();
        current = { stopping, begun: begin(stopping.signal), ended: null };
      }
      const run = current;
      try {
        await run.begun;
      } catch (error) {
        if (current === run && run.ended === null) current = null;
        throw error;
      }
    },
    async stop() {
      if (current === null) return;
      current.ended ??= end(current);
      await current.ended;
    },
  };
}
