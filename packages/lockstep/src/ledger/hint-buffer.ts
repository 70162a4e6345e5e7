import type { HintTransport } from "./hint-transport.js";
import type { ReadyHint } from "./news.js";

/** At most one message in this time from one process: a NOTIFY takes a lock that all committers share. */
const SEND_EVERY_MS = 20;
export const READY_HINTS_MAX = 32;
const STOP_REQUESTS_MAX = 64;

export interface HintMessage {
  /** The sender, who ignores the echo. */
  readonly from: string;
  readonly ready: readonly ReadyHint[];
  readonly stopRequest: readonly string[];
}

/**
 * Gathers hints, and has one message on its way at most. It is not a loop of `timing`, because the first hint after a pause leaves
 * in the tick in which it came: a job that was just submitted waits for it.
 */
export function createWakeUpBuffer(transport: HintTransport, me: string) {
  const ready = new Map<string, ReadyHint>();
  const stopRequest = new Set<string>();
  let dirty = false;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> | null = null;

  const send = async (): Promise<void> => {
    dirty = false;
    const message: HintMessage = { from: me, ready: [...ready.values()], stopRequest: [...stopRequest] };
    ready.clear();
    stopRequest.clear();
    // A hint that cannot be sent is not missed: every reader also polls.
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
    add(hints: readonly ReadyHint[], stopRequests: readonly string[]): void {
      dirty = true;
      for (const hint of hints) if (ready.size < READY_HINTS_MAX) keepEarliest(ready, hint);
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

function keepEarliest(hints: Map<string, ReadyHint>, hint: ReadyHint): void {
  const { queue, priority, ready_at } = hint;
  const known = hints.get(queue);
  // Only these three: the caller may have handed over a whole row, whose input is nobody's business here.
  if (!known || isEarlier(hint, known)) hints.set(queue, { queue, priority, ready_at });
}

function isEarlier(a: ReadyHint, b: ReadyHint): boolean {
  if (b.ready_at === null) return false;
  if (a.ready_at === null) return true;
  return a.priority !== b.priority ? a.priority < b.priority : a.ready_at < b.ready_at;
}
