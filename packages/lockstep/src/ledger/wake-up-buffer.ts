import type { ReadyWakeUp } from "./feed-event.js";
import type { WakeUpTransport } from "./wake-up-transport.js";

/**
 * One process sends at most one message in this time: a NOTIFY takes a lock that all committers
 * share.
 */
const SEND_EVERY_MS = 20;
export const READY_WAKE_UPS_MAX = 32;
const STOP_REQUESTS_MAX = 64;

export interface WakeUpMessage {
  /** The sender, which ignores its own message when it comes back. */
  readonly from: string;
  readonly ready: readonly ReadyWakeUp[];
  readonly stopRequest: readonly string[];
}

/**
 * Collects wake-ups, and has at most one message on its way. It is not a loop of `timing`, because
 * the first wake-up after a pause leaves in the tick in which it came: a job that was just
 * submitted waits for it.
 */
export function createWakeUpBuffer(transport: WakeUpTransport, me: string) {
  const ready = new Map<string, ReadyWakeUp>();
  const stopRequest = new Set<string>();
  let dirty = false;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> | null = null;

  const send = async (): Promise<void> => {
    dirty = false;
    const message: WakeUpMessage = { from: me, ready: [...ready.values()], stopRequest: [...stopRequest] };
    ready.clear();
    stopRequest.clear();
    // A wake-up that cannot be sent is not missed, because every reader also polls.
    await transport.publish(JSON.stringify(message)).catch(() => undefined);
  };
  const pump = (): void => {
    if (timer !== null || sending !== null || !dirty) return;
    sending = send().finally(() => {
      sending = null;
      pump();
    });
    timer = setTimeout(() => {
      timer = null;
      pump();
    }, SEND_EVERY_MS);
  };

  return {
    add(wakeUps: readonly ReadyWakeUp[], stopRequests: readonly string[]): void {
      dirty = true;
      for (const wakeUp of wakeUps) if (ready.size < READY_WAKE_UPS_MAX) keepEarliest(ready, wakeUp);
      for (const jobId of stopRequests) if (stopRequest.size < STOP_REQUESTS_MAX) stopRequest.add(jobId);
      pump();
    },
    async close(): Promise<void> {
      await sending;
      if (timer) clearTimeout(timer);
      timer = null;
      pump();
      await sending;
      if (timer) clearTimeout(timer);
    },
  };
}

function keepEarliest(wakeUps: Map<string, ReadyWakeUp>, wakeUp: ReadyWakeUp): void {
  const { queue, priority, ready_at } = wakeUp;
  const known = wakeUps.get(queue);
  // Only these three members: the caller may have passed a whole row, and its input must not leave
  // here.
  if (!known || isEarlier(wakeUp, known)) wakeUps.set(queue, { queue, priority, ready_at });
}

function isEarlier(a: ReadyWakeUp, b: ReadyWakeUp): boolean {
  if (b.ready_at === null) return false;
  if (a.ready_at === null) return true;
  return a.priority !== b.priority ? a.priority < b.priority : a.ready_at < b.ready_at;
}
