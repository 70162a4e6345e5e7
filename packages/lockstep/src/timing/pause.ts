import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits for a number of milliseconds, or until the signal is aborted, which is not an error here.
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted) return;
  if (signal === undefined) return await delay(ms);
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
