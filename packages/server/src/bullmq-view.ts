/**
 * BullMQ's status of a bridged job, for the views of the job. The bridge runs in other people's
 * programs. A server learns the queue's name in BullMQ from the ledger, and looks for the entry in
 * its own Redis. BullMQ may use another Redis: then the answer is unknown, never that the job is
 * missing.
 */
import { type BullmqEntry, readBullmqEntry } from "@lockstep/doctor";
import { DatabaseUnavailableError } from "lockstep/internal/errors";
import type { Job } from "lockstep/internal/job";
import type { BridgeStore } from "lockstep/internal/ledger";
import type { RedisConnection } from "lockstep/internal/redis";

/** The bridge's prefix before a queue's qualified name in the ledger. */
const NAME_PREFIX = "bullmq:";

type Relays = Awaited<ReturnType<BridgeStore["relays"]>>;
type Seen = Extract<BullmqEntry, { state: "value" }> | { readonly state: "unknown"; readonly why: string };

interface BullmqViewOptions {
  readonly store: Pick<BridgeStore, "relays">;
  /** null: this server has no Redis. */
  readonly redis: Pick<RedisConnection, "isUp" | "quick"> | null;
}

/** Reads entries of bridged jobs. `get` returns null when no bridge copies the job's queue. */
export function createBullmqView({ store, redis }: BullmqViewOptions) {
  let known: Relays = [];
  return {
    async get({ id, queue }: Pick<Job, "id" | "queue">): Promise<Seen | null> {
      known = await readOr(() => store.relays(), known);
      const copies = known.filter((relay) => relay.queue === queue);
      if (copies.length === 0) return null;
      if (redis === null) return { state: "unknown", why: "this server has no Redis" };
      let seen: Seen = { state: "unknown", why: "Redis does not answer" };
      for (const { name } of redis.isUp ? copies : []) {
        const entry = await readEntry(redis, name.slice(NAME_PREFIX.length), id);
        if (entry.state === "value") return entry;
        seen = { state: "unknown", why: entry.why };
      }
      return seen;
    },
  };
}

/**
 * The set of bridged queues rarely changes, so the last answer is used while the database is down.
 */
async function readOr(read: () => Promise<Relays>, known: Relays): Promise<Relays> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return known;
    throw error;
  }
}

async function readEntry(
  { quick }: Pick<RedisConnection, "quick">,
  queue: string,
  id: string,
): Promise<BullmqEntry> {
  try {
    return await readBullmqEntry(quick, queue, id);
  } catch {
    return { state: "absent", why: "Redis does not answer" }; // It went down just now, which is an answer here.
  }
}
