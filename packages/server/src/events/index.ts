/**
 * Server-sent events: the ledger's feed, for any number of browsers.
 *
 * One tail reads the feed for the whole server, and only while a stream is open. Each event's id is
 * a position of the feed from which no version is skipped: events inside a batch carry the position
 * before the batch. So a client that reconnects may see a version twice and drops it by (job,
 * version), but never misses one. A client that cannot receive what it missed is sent `reset`. A
 * client that does not read is sent `reset` and disconnected: its buffer is bounded. A crash loses
 * nothing, because nothing is stored here: the client comes back with its last id.
 */
export type { EventFilter } from "./event-filter.js";
export { EventHub, type EventHubOptions } from "./event-hub.js";
