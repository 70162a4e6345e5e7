/**
 * Server-sent events: the ledger's feed, as any number of browsers see it.
 *
 * One tail reads the feed for the whole server, and only while a stream is open. Each event's id is a position of the
 * feed from which no version is skipped: events inside a batch carry the position before the batch, so a client that
 * reconnects may see a version twice and drops it by (job, version), but never misses one. A client that cannot be
 * given what it missed is told `reset`. A client that does not read is told `reset` and let go: its buffer is bounded.
 * A crash loses nothing, for nothing is kept here: the client comes back with its last id.
 */
export type { EventFilter } from "./event-filter.js";
export { EventHub, type EventHubOptions } from "./event-hub.js";
