/** Beyond 24.8 days `setTimeout` fires at once. */
export const TIMER_MS_MAX = 2_147_483_647;

/**
 * Sets a timer for any number of milliseconds.
 * @returns a function that clears it
 */
export function startTimer(ms: number, onTime: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, TIMER_MS_MAX);
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : onTime()), stepMs);
  };
  arm(ms);
  return () => clearTimeout(timer);
}
