/**
 * The bridge for people who keep BullMQ: the ledger is the truth, and BullMQ delivers.
 *
 * Invariants. A job is recorded before BullMQ gets it (add.ts), and its entry in BullMQ has the
 * job's id. An entry is only a signal: it can come twice, late, or after the job has ended. The
 * processor (processor.ts) claims the job in the ledger, runs its handler, records the outcome, and
 * reports to BullMQ only what the ledger's row then says (reply.ts). So BullMQ never says completed
 * before the ledger does. The ledger decides retries, their number and their backoff; BullMQ
 * delivers again for as long as the ledger says pending.
 *
 * Who may change it. Nothing here decides a status: claims, outcomes and cancellations go through
 * the ledger's own guarded statements. Only relay.ts and reconciler.ts add and remove entries,
 * through entries.ts. A lease names the one process that does so; two at once would do the same
 * twice, which changes nothing.
 *
 * What happens in a crash.
 * - after the commit of an add, before the entry is created: the next relay reads the job from the
 *   feed;
 * - while a handler runs: BullMQ finds the entry stalled and delivers it again; the ledger's
 *   sweeper takes the job from the silent worker after its lease, and until then each delivery is
 *   postponed;
 * - after the outcome is recorded, before BullMQ knows: the entry comes again, and gets the
 *   recorded outcome;
 * - Redis is flushed: its marker is gone (sync-marker.ts), and every pending job is checked and
 *   added again;
 * - the ledger cannot be reached: outcomes wait for it, and BullMQ waits with them (settler.ts).
 */
export type { AddedJob, AddOptions, NewEntry } from "./add.js";
export { type Bridge, type BridgeHealth, createBridge, type ProcessorOptions } from "./bridge.js";
export type { BridgeHandler } from "./handlers.js";
export type { BridgeOptions } from "./options.js";
export type { Processor } from "./processor.js";
