/** Lets one loop sleep until something happens, or for a while. */
export interface Bell {
  ring(): void;
  /** Returns when it has rung since the last wait, or after `atMostMs`, but not before `atLeastMs` unless it is aborted. */
  wait(times: { readonly atLeastMs: number; readonly atMostMs: number }, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: () => void = () => undefined;
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait({ atLeastMs, atMostMs }, signal) {
      await pause(atLeastMs, signal);
      if (!rung)
        await pause(atMostMs - atLeastMs, signal, (end) => {
          wake = end;
        });
      rung = false;
    },
  };
}

/** Returns after a time, when it is aborted, or when the function given to `onStart` is called. */
export function pause(
  ms: number,
  signal: AbortSignal,
  onStart: (end: () => void) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    onStart(end);
  });
}
