import { type BridgeStore, WALK_START, type WalkPosition } from "lockstep/internal/ledger";
import { createLoop, type Loop, pause } from "lockstep/internal/timing";
import type { Logger } from "pino";
import type { Entries } from "./entries.js";
import type { SyncMarker } from "./sync-marker.js";

const PAGE_JOBS = 500;
/** Between two pages of a walk that is not urgent. */
const PAGE_PAUSE_MS = 50;
/** Finding an entry costs a search through the queue's lists, so one walk checks only a few. */
const ORPHAN_CHECKS_MAX = 50;
const AGAIN_MS = 1_000;

export interface ReconcilerOptions {
  readonly queue: string;
  readonly store: Pick<BridgeStore, "walk" | "read" | "noteAdded">;
  readonly entries: Entries;
  readonly syncMarker: SyncMarker;
  readonly everyMs: number;
  readonly logger: Logger;
  /** Whether this process is the one that copies the queue. */
  isLeading(): boolean;
}

/**
 * Walks over the queue's pending jobs and adds those that BullMQ does not have: periodically, and
 * immediately and without pauses when the marker is gone. The feed says what changed; this walk
 * finds what was lost.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #turns: Loop;
  #urgent = false;
  #readded = 0;
  #lastError: string | null = null;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#turns = createLoop((stopping) => this.#turn(stopping), { firstMs: options.everyMs });
  }

  /** Entries that were missing and have been added. */
  get readded(): number {
    return this.#readded;
  }

  start(): void {
    this.#turns.start();
  }

  /** BullMQ may have lost everything. */
  walkNow(): void {
    if (this.#urgent) return;
    this.#urgent = true;
    this.#turns.wake();
  }

  stop(): Promise<void> {
    return this.#turns.stop();
  }

  async #turn(stopping: AbortSignal): Promise<number> {
    const { everyMs, logger, queue } = this.#options;
    if (!this.#options.isLeading()) {
      this.#urgent = false;
      return everyMs;
    }
    try {
      if (this.#urgent) this.#urgent = !(await this.#walkMarked(stopping));
      else await this.#walk(PAGE_PAUSE_MS, stopping);
      this.#lastError = null;
      return this.#urgent ? AGAIN_MS : everyMs;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // While a store is down the same error occurs every second.
      if (message !== this.#lastError)
        logger.warn({ err: error, queue }, "cannot compare BullMQ with the ledger; trying again");
      this.#lastError = message;
      return AGAIN_MS;
    }
  }

  /** @returns whether BullMQ is known to have every entry */
  async #walkMarked(stopping: AbortSignal): Promise<boolean> {
    const { syncMarker, logger, queue } = this.#options;
    const before = this.#readded;
    const walk = await syncMarker.begin();
    if (!(await this.#walk(0, stopping)) || !(await syncMarker.finish(walk))) return false;
    logger.info({ queue, added: this.#readded - before }, "BullMQ has every pending job of the queue");
    return true;
  }

  /** @returns whether it reached the end */
  async #walk(pauseMs: number, stopping: AbortSignal): Promise<boolean> {
    const { queue, store } = this.#options;
    let checks = ORPHAN_CHECKS_MAX;
    let at: WalkPosition | null = WALK_START;
    while (at !== null) {
      if (stopping.aborted || !this.#options.isLeading()) return false;
      const page: { ids: readonly string[]; next: WalkPosition | null } = await store.walk(
        queue,
        at,
        PAGE_JOBS,
      );
      checks -= await this.#repair(page.ids, checks);
      at = page.next;
      if (at !== null && pauseMs > 0 && !this.#urgent) await pause(pauseMs, stopping);
    }
    return true;
  }

  /** @returns how many entries were searched for in BullMQ's lists */
  async #repair(ids: readonly string[], checksMax: number): Promise<number> {
    const { entries, store, queue } = this.#options;
    const live = await entries.areLive(ids);
    const present = ids.filter((_id, index) => live[index]);
    const checked = sample(present, checksMax);
    const orphans: string[] = [];
    for (const id of checked) if (await entries.isOrphan(id)) orphans.push(id);
    for (const id of orphans) await entries.remove(id);
    const missing = [...ids.filter((_id, index) => !live[index]), ...orphans];
    const jobs = (await store.read(missing)).filter(({ status }) => status === "pending");
    const done = await entries.ensure(jobs);
    const added = jobs.filter((_job, index) => done[index] === "added").map(({ id }) => id);
    this.#readded += added.length;
    await store.noteAdded(queue, added);
    // These were cancelled after they had been read above, and the relay removed their entries
    // before they were added here.
    for (const { id, status } of await store.read(added))
      if (status === "cancelled") await entries.removeWaiting(id);
    return checked.length;
  }
}

function sample<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  const start = Math.floor(Math.random() * (items.length - count));
  return items.slice(start, start + count);
}
