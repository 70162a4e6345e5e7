import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

const RECONNECT_MS_MIN = 200;
const RECONNECT_MS_MAX = 5_000;

interface Listen {
  readonly config: pg.ClientConfig;
  readonly channel: string;
  /** Called with each new connection before it is used. */
  check(client: pg.ClientBase): Promise<void>;
  onNotify(payload: string | null): void;
}

/**
 * Holds one connection that listens, and opens another one when it breaks. After a gap the listener
 * is called with null, because notifications sent during the gap are lost.
 */
export async function listenOnPostgres({
  config,
  channel,
  check,
  onNotify,
}: Listen): Promise<() => Promise<void>> {
  const stopped = new AbortController();
  let client: pg.Client | null = null;
  let reopening: Promise<void> = Promise.resolve();

  const open = async (): Promise<void> => {
    // A listener waits indefinitely by design, so neither timeout applies to it.
    const next = new pg.Client({ ...config, query_timeout: 10_000 });
    // A dying connection can report more than one error, and an error without a listener would end
    // the process.
    next.on("error", () => void next.end().catch(() => undefined));
    next.on("notification", (message) => onNotify(message.payload ?? ""));
    try {
      await next.connect();
      await check(next);
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      stopped.signal.throwIfAborted();
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    next.once("end", reopen);
    client = next;
  };

  const reopen = (): void => {
    client = null;
    reopening = openAgain();
  };
  const openAgain = async (): Promise<void> => {
    for (
      let waitMs = RECONNECT_MS_MIN;
      !stopped.signal.aborted;
      waitMs = Math.min(RECONNECT_MS_MAX, waitMs * 2)
    ) {
      try {
        await delay(waitMs, undefined, { signal: stopped.signal });
        await open();
        onNotify(null);
        return;
      } catch {
        // The server is still unavailable. Polling continues without wake-ups, and the next round
        // tries again.
      }
    }
  };

  await open().catch(reopen);
  return async () => {
    stopped.abort();
    const last = client;
    client = null;
    last?.removeAllListeners("end");
    await last?.end().catch(() => undefined);
    await reopening;
  };
}
