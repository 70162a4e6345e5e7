/**
 * Redis: a copy of every job's status, for people and programs that look there, and hints between processes. The system is
 * correct without it.
 *
 * What is true. A value `result:<job_id>` is committed truth as of its `as_of`, written from the ledger's row and never from
 * anything else. A script writes it only over an older one: epoch first, then version. Beside the values lies a record: the
 * generation and epoch of the copy, and the feed's position up to which it was applied. The record is written after the values, on the
 * same connection, so a Redis that loses writes loses the record's latest with them. The same generation is in PostgreSQL
 * (projection_state). Where the two differ, or the record is missing, or does not know the cursor in PostgreSQL,
 * or PostgreSQL itself is another one than before, the copy is built anew, as a new generation with a later epoch.
 *
 * Who may change it. One projector at a time: it holds a PostgreSQL session lock, and reads everything through that
 * session, so that whoever lost the lock reads nothing more. What such a projector had already read it may still write: committed
 * truth, in its epoch, over older versions only. The record is replaced by comparing it with what was there, so two projectors would
 * notice each other.
 *
 * What happens in a crash. The projector dies: another takes the lock and goes on from the record, also in the middle of a rebuild;
 * some pages are applied and published twice, none is skipped. Redis is emptied, at any moment: the record is missing at the next
 * page or within half a second, and the ledger is streamed back in pages, live changes in between. Redis is away, slow or full:
 * nothing waits for it but the projector. A full Redis loses values that it cannot replace, for no answer is better than a
 * stale one; they come back when there is room.
 *
 * A missing value says nothing. Its job may be finished for longer than values are kept, or not be copied yet.
 */
import { Projector, type ProjectorOptions } from "./projector.js";

export { type CacheOptions, createCache } from "./cache.js";
export { connectRedis, type RedisConnection, type RedisConnectOptions } from "./connection.js";
export { createCopies } from "./copies.js";
export type {
  Projector,
  ProjectorOptions,
  ProjectorStatus,
} from "./projector.js";
export { type RedisWakeUpOptions, redisWakeUpTransport } from "./wake-up-transport.js";

/** The loop that keeps the copy. Any number of processes may run one; one of them projects, and the others stand by. */
export function createProjector(options: ProjectorOptions): Projector {
  return new Projector(options);
}
