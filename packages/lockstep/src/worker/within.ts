/**
 * Waits for something, but not too long.
 * @param ms at most
 * @param signal ends the wait at once
 * @returns whether it happened
 */
export async function within(event: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (() => void) | undefined;
  const tooLong = new Promise<false>((resolve) => {
    giveUp = () => resolve(false);
    timer = setTimeout(giveUp, ms);
    signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([event.then(() => true), tooLong]);
  } finally {
    clearTimeout(timer);
    if (giveUp) signal.removeEventListener("abort", giveUp);
  }
}
