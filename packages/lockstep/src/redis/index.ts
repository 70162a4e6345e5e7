/**
 * Redis: the projection, a copy of every job's status for people and programs that look there, and
 * wake-ups between processes. The system is correct without it.
 *
 * Invariants. A value `result:<job_id>` is committed truth as of its `as_of`, written only from the
 * ledger's row. A script writes it only over an older value: epoch first, then version. Beside the
 * values is a record: the generation and epoch of the projection, and the feed position up to which
 * it was applied. The record is written after the values, on the same connection, so a Redis that
 * loses writes also loses the latest record. The same generation is in PostgreSQL
 * (projection_state). The projection is rebuilt, as a new generation with a later epoch, when the
 * two generations differ, when the record is missing or does not know the cursor in PostgreSQL, or
 * when PostgreSQL itself is a different one than before.
 *
 * Who may change it. One projector at a time: it holds a PostgreSQL session lock and reads
 * everything through that session, so a projector that lost the lock reads nothing more. It may
 * still write what it had already read: committed truth, in its epoch, over older versions only.
 * The record is replaced only if it is still the expected one, so two projectors would notice each
 * other.
 *
 * What happens in a crash. The projector dies: another takes the lock and continues from the
 * record, even in the middle of a rebuild. Some pages are applied and published twice, none is
 * skipped. Redis is emptied, at any moment: the missing record is noticed at the next page or
 * within half a second, and the ledger is streamed back in pages, with live changes in between.
 * Redis is down, slow or full: only the projector waits for it. A full Redis loses values that it
 * cannot replace, because no answer is better than a stale one; they come back when there is space.
 *
 * A missing value says nothing: its job may be finished for longer than values are kept, or may not
 * be projected yet.
 */
import { Projector, type ProjectorOptions } from "./projector.js";

export { type CacheOptions, createCache } from "./cache.js";
export {
  connectRedis,
  type RedisConnection,
  type RedisConnectOptions,
  redisClient,
} from "./connection.js";
export { createCopies } from "./copies.js";
export type {
  Projector,
  ProjectorOptions,
  ProjectorStatus,
} from "./projector.js";
export { type RedisWakeUpOptions, redisWakeUpTransport } from "./wake-up-transport.js";

/**
 * Creates the loop that maintains the projection. Any number of processes may run one; one of them
 * projects, and the others are standbys.
 */
export function createProjector(options: ProjectorOptions): Projector {
  return new Projector(options);
}
