import { setTimeout as delay } from "node:timers/promises";
import { type ApiClient, isPassing, type Query } from "./api-client.js";
import { ConnectionError } from "./api-error.js";
import { readServerEvents, type ServerEvent } from "./event-stream.js";

/**
 * An event of the stream or of the connection: `open` after each connect, `cut` after each loss
 * (data says why).
 */
export type FollowedEvent = ServerEvent | { readonly event: "open" | "cut"; readonly data: string };

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 10_000;

/**
 * Yields the events of the API without end. When the stream is cut, it reconnects after the last id
 * seen, so no version is skipped. The delay between attempts doubles up to 10 s, with jitter.
 * @throws ApiError, ConnectionError or NotLockstepError when the first connection fails
 */
export async function* followEvents(
  client: ApiClient,
  query: Query,
  signal: AbortSignal,
): AsyncGenerator<FollowedEvent> {
  let lastId: string | null = null;
  let everOpen = false;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = {
        accept: "text/event-stream",
        ...(lastId === null ? {} : { "last-event-id": lastId }),
      };
      const response = await client.open("/api/events", { query, headers, signal });
      yield { event: "open", data: "" };
      everOpen = true;
      failures = 0;
      yield* readServerEvents(response.body ?? new ReadableStream(), (id) => {
        lastId = id;
      });
      throw new ConnectionError(client.url, new Error("the stream ended"));
    } catch (error) {
      if (signal.aborted) return;
      if (!everOpen || !mayPass(error)) throw error;
      if (failures === 0) yield { event: "cut", data: error instanceof Error ? error.message : "" };
      failures += 1;
      await delay(waitMs(failures), undefined, { signal }).catch(() => undefined);
    }
  }
}

// A body that is cut off throws fetch's own TypeError.
function mayPass(error: unknown): boolean {
  return isPassing(error) || error instanceof TypeError;
}

function waitMs(failures: number): number {
  const ceilingMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (failures - 1));
  return ceilingMs * (0.5 + Math.random() / 2);
}
