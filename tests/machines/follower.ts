import { setTimeout as delay } from "node:timers/promises";
import { createParser, type StreamEvent } from "../../packages/server/test/event-client.js";

const RECONNECT_MS = 50;

/**
 * Follows every job over the event stream as a browser does: it reconnects, also to another server,
 * and resumes where it was.
 */
export interface Follower {
  /** The versions of each job, in the order in which they arrived. */
  readonly versions: ReadonlyMap<string, { readonly versions: readonly number[]; readonly status: string }>;
  resets(): number;
  stop(): Promise<void>;
}

/** Resolves once the first stream is open. */
export async function follow(urls: readonly string[]): Promise<Follower> {
  const seen = new Map<string, { versions: number[]; status: string }>();
  const gone = new AbortController();
  let lastEventId: string | null = null;
  let resets = 0;
  const take = (events: StreamEvent[]): void => {
    for (const { event, data } of events.splice(0)) {
      if (event === "reset") resets += 1;
      if (event !== "transition") continue;
      const known = seen.get(data.job_id) ?? { versions: [], status: "" };
      known.versions.push(data.version);
      known.status = data.status;
      seen.set(data.job_id, known);
    }
  };
  const read = async (url: string, opened: () => void): Promise<void> => {
    // One parser per connection: a block that was cut in the middle comes again after the last
    // complete one.
    const parser = createParser();
    const response = await fetch(`${url}/api/events`, {
      headers: lastEventId === null ? {} : { "last-event-id": lastEventId },
      signal: gone.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status}`);
    opened();
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      parser.take(decoder.decode(chunk as Uint8Array, { stream: true }));
      take(parser.events);
      lastEventId = parser.lastEventId ?? lastEventId;
    }
  };
  let reading: Promise<void> = Promise.resolve();
  await new Promise<void>((opened) => {
    reading = (async () => {
      for (let turn = 0; !gone.signal.aborted; turn++) {
        await read(urls[turn % urls.length] ?? "", opened).catch(() => undefined);
        await delay(RECONNECT_MS);
      }
    })();
  });
  return {
    versions: seen,
    resets: () => resets,
    async stop() {
      gone.abort();
      await reading;
    },
  };
}
