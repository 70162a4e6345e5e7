/** What starts inside something that may be closed meanwhile. */
export interface StartGate {
  /**
   * Runs the start of one component. Its signal is aborted when the gate closes; a start checks it
   * between its steps, and starts nothing after it.
   * @throws the gate's reason once the gate is closed, also when the start has succeeded meanwhile
   */
  run<T>(start: (stopping: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Refuses every further start and resolves when no start is in progress any more: from then on
   * nothing appears that has to be closed. May be called more than once.
   */
  close(): Promise<void>;
}

export interface StartGateOptions {
  /** Closes the gate as well when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** The error of a start that is refused or interrupted. */
  reason(): Error;
}

/** Creates an open gate. */
export function createStartGate({ signal, reason }: StartGateOptions): StartGate {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const abort = () => {
    if (!stopping.signal.aborted) stopping.abort(reason());
  };
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });

  return {
    async run(start) {
      stopping.signal.throwIfAborted();
      const work = start(stopping.signal);
      running.add(work);
      try {
        const started = await work;
        stopping.signal.throwIfAborted();
        return started;
      } finally {
        running.delete(work);
      }
    },
    async close() {
      signal?.removeEventListener("abort", abort);
      abort();
      // A failed start has reported its error to its own caller.
      await Promise.allSettled(running);
    },
  };
}
