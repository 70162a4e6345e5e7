import { newId } from "lockstep/internal/job";
import type { BridgeStore, FeedPosition, Ledger } from "lockstep/internal/ledger";
import { createLoop } from "lockstep/internal/timing";
import type { Logger } from "pino";
import type { Entries } from "./entries.js";
import type { Reconciler } from "./reconciler.js";
import type { SyncMarker } from "./sync-marker.js";

const BATCH_EVENTS_MAX = 500;
/** Wake-ups make it run sooner. */
const POLL_MS = 500;
const RETRY_MS = 1_000;
/** Under load something is committed all the time; a turn this often is enough. */
const TURN_MS_MIN = 5;
/** Another process takes over when this one has been silent for so long. */
const HOLD_SECONDS = 5;
const RENEW_MS = 1_000;
/** The position is saved after every batch with content, and otherwise this often. */
const SAVE_MS = 60_000;
const RECHECK_MS = 1_000;
const RECHECKS_MAX = 60;
const RECHECKED_JOBS_MAX = 10_000;

export interface RelayOptions {
  /** The name of its cursor and its lease. */
  readonly name: string;
  readonly queue: string;
  readonly ledger: Pick<Ledger, "feed" | "wakeUps">;
  readonly store: BridgeStore;
  readonly entries: Entries;
  readonly syncMarker: SyncMarker;
  readonly reconciler: Pick<Reconciler, "walkNow">;
  readonly logger: Logger;
}

/**
 * Copies a queue of the ledger to BullMQ: every job that becomes pending gets an entry, and a
 * cancelled one loses it. One process does it at a time and others are standbys; two at once would
 * only do the same twice. Each change only says which job to look at: the action follows from the
 * row's current content.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #holder = newId();
  /**
   * Jobs whose entry a worker held when they became pending, and how often they are checked again.
   */
  readonly #recheck = new Map<string, number>();
  readonly #turns = createLoop(() => this.#turn(), { wakeMsMin: TURN_MS_MIN });
  #forget: (() => void) | null = null;
  #position: FeedPosition | null = null;
  #isLeading = false;
  #heldAt = Number.NEGATIVE_INFINITY;
  #savedAt = Number.NEGATIVE_INFINITY;
  #recheckedAt = 0;
  #lastError: string | null = null;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Whether this process is the one that copies. */
  get isLeading(): boolean {
    return this.#isLeading;
  }

  start(): void {
    this.#turns.start();
    this.#forget ??= this.#options.ledger.wakeUps.onChange(() => {
      if (this.#isLeading) this.#turns.wake();
    });
  }

  /** Lets another process copy the queue immediately. */
  async stop(): Promise<void> {
    const { store, name } = this.#options;
    this.#forget?.();
    this.#forget = null;
    await this.#turns.stop();
    if (!this.#isLeading) return;
    this.#isLeading = false;
    // Otherwise the lease expires by itself.
    await store.leave(name, this.#holder).catch(() => undefined);
  }

  async #turn(): Promise<number> {
    const { logger, queue } = this.#options;
    try {
      if (!(await this.#lead())) return RENEW_MS;
      const more = await this.#copy();
      await this.#checkAgain();
      this.#lastError = null;
      return more ? 0 : POLL_MS;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // While a store is down the same error occurs every second.
      if (message !== this.#lastError)
        logger.warn({ err: error, queue }, "the relay to BullMQ failed; trying again");
      this.#lastError = message;
      return RETRY_MS;
    }
  }

  async #lead(): Promise<boolean> {
    const { store, name, queue, syncMarker, reconciler } = this.#options;
    const now = performance.now();
    if (this.#isLeading && now - this.#heldAt < RENEW_MS) return true;
    const held = await store.hold({ name, holder: this.#holder, seconds: HOLD_SECONDS, queue });
    if (held === null) {
      this.#isLeading = false;
      this.#recheck.clear();
      return false;
    }
    this.#heldAt = now;
    if (!this.#isLeading) this.#position = held.position;
    this.#isLeading = true;
    if (!(await syncMarker.isComplete())) reconciler.walkNow();
    return true;
  }

  /** @returns whether there is more */
  async #copy(): Promise<boolean> {
    const { ledger, reconciler, queue } = this.#options;
    const batch = this.#position === null ? null : await ledger.feed.read(this.#position, BATCH_EVENTS_MAX);
    if (batch === null) {
      // There is no position, or it belongs to another ledger: check every pending job now.
      await this.#advance(await ledger.feed.now(), true);
      reconciler.walkNow();
      return false;
    }
    // A job that is running or ended otherwise needs nothing: its entry gets the result when it is
    // delivered.
    const changed = batch.events.filter(
      (event) => event.queue === queue && (event.status === "pending" || event.status === "cancelled"),
    );
    const isNew = new Set(changed.filter(({ version }) => version === 1).map(({ job_id }) => job_id));
    await this.#apply([...new Set(changed.map(({ job_id }) => job_id))], isNew);
    await this.#advance(batch.position, changed.length > 0);
    return batch.more;
  }

  async #advance(position: FeedPosition, save: boolean): Promise<void> {
    const { store, name } = this.#options;
    this.#position = position;
    const now = performance.now();
    if (!save && now - this.#savedAt < SAVE_MS) return;
    await store.savePosition(name, position);
    this.#savedAt = now;
  }

  async #apply(ids: readonly string[], isNew: ReadonlySet<string>): Promise<void> {
    if (ids.length === 0) return;
    const { store, entries } = this.#options;
    const jobs = await store.read(ids);
    const pending = jobs.filter(({ status }) => status === "pending");
    // A new job can have no entry yet, or the one that an earlier try added.
    await entries.add(pending.filter(({ id, version }) => version === 1 && isNew.has(id)));
    const again = pending.filter(({ id, version }) => version > 1 || !isNew.has(id));
    const done = await entries.ensure(again);
    for (const [index, { id }] of again.entries()) {
      if (done[index] !== "held") this.#recheck.delete(id);
      else if (this.#recheck.size < RECHECKED_JOBS_MAX) this.#recheck.set(id, RECHECKS_MAX);
    }
    for (const { id, status } of jobs) if (status === "cancelled") await entries.removeWaiting(id);
  }

  /**
   * Checks jobs again whose entry a worker held: what the worker then reported to BullMQ may no
   * longer match the job.
   */
  async #checkAgain(): Promise<void> {
    const now = performance.now();
    if (this.#recheck.size === 0 || now - this.#recheckedAt < RECHECK_MS) return;
    this.#recheckedAt = now;
    const { store, entries } = this.#options;
    const ids = [...this.#recheck.keys()].slice(0, BATCH_EVENTS_MAX);
    const jobs = (await store.read(ids)).filter(({ status }) => status === "pending");
    const done = await entries.ensure(jobs);
    const held = new Set(jobs.filter((_job, index) => done[index] === "held").map(({ id }) => id));
    for (const id of ids) {
      const left = (this.#recheck.get(id) ?? 0) - 1;
      this.#recheck.delete(id);
      if (held.has(id) && left > 0) this.#recheck.set(id, left);
    }
  }
}
