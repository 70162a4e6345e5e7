import { crashPoint } from "../crash-point.js";
import type { ChangePage, FeedPosition, ProjectionSession } from "../ledger/index.js";
import type { WakeUp } from "../timing/index.js";
import { readPage, writeLarge, writeRows } from "./page.js";
import type { ProjectionRecord } from "./projection-record.js";
import { rebuild } from "./rebuild.js";
import type { ResumedProjection } from "./resume-or-rebuild.js";
import { type ProjectionStore, StartOver } from "./store.js";

const PAGE_TRANSITIONS = 2_000;
/**
 * With a pause between reads, several transitions of a job fall into one page, and only the newest
 * is written.
 */
const PAUSE_MS_MIN = 20;
/**
 * A page that took longer is followed by an equally long pause: at most half of the time goes into
 * half-empty pages.
 */
const PAUSE_MS_MAX = 100;
/** Without a wake-up: how often the feed, and the record in Redis, are checked. */
const POLL_MS = 500;
/** The cursor in PostgreSQL may be behind: the projection continues from the record in Redis. */
const SAVE_CURSOR_MS = 2_000;
/** Also when nothing happens, because a cursor that is silent for a day is removed. */
const TOUCH_CURSOR_MS = 60_000;

export interface ProjectionEvents {
  /** Called for every page, even an empty one. */
  onPage(page: ChangePage, written: number): void;
  onRebuilt(values: number): void;
  onRemoved(values: number): void;
  onReady(): void;
}

interface ProjectionOptions {
  readonly session: ProjectionSession;
  readonly store: ProjectionStore;
  readonly wakeUp: WakeUp;
  readonly events: ProjectionEvents;
}

/** Keeps the projection up to date while the lock and the connection last. */
export class Projection {
  readonly #session: ProjectionSession;
  readonly #store: ProjectionStore;
  readonly #wakeUp: WakeUp;
  readonly #events: ProjectionEvents;
  #cursor: FeedPosition = "";
  #savedAt = 0;
  /** Whether something was delivered since the cursor was saved. */
  #moved = false;
  #checkedAt = 0;

  constructor({ session, store, wakeUp, events }: ProjectionOptions) {
    this.#session = session;
    this.#store = store;
    this.#wakeUp = wakeUp;
    this.#events = events;
  }

  /** @throws StartOver, or the error of the database or Redis */
  async run(resumed: ResumedProjection, signal: AbortSignal): Promise<void> {
    let { record } = resumed;
    this.#cursor = resumed.cursor;
    if (record.phase !== "ready") record = await this.#rebuild(record, signal);
    this.#events.onReady();
    while (!signal.aborted) {
      const began = performance.now();
      const turn = await this.#turn(record);
      record = turn.record;
      if (turn.more) continue;
      const tookMs = performance.now() - began;
      const atLeastMs = Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, tookMs));
      await this.#wakeUp.wait(POLL_MS, { atLeastMs, signal });
    }
    await this.#saveCursor(record, 0);
  }

  #rebuild(record: ProjectionRecord, signal: AbortSignal): Promise<ProjectionRecord> {
    return rebuild(record, {
      session: this.#session,
      store: this.#store,
      signal,
      live: async (current) => (await this.#turn(current)).record,
      onWritten: (values) => this.#events.onRebuilt(values),
      onRemoved: (values) => this.#events.onRemoved(values),
    });
  }

  /** Applies one page of the feed. */
  async #turn(record: ProjectionRecord): Promise<{ record: ProjectionRecord; more: boolean }> {
    const page = await this.#session.changes(record.position, PAGE_TRANSITIONS);
    if (page === null) throw new StartOver("the feed refused the copy's position", record.position);
    const written = page.events > 0 ? await this.#apply(page, record) : 0;
    const advanced = await this.#advance(record, page);
    this.#events.onPage(page, written);
    const next = await this.#saveCursor(advanced, SAVE_CURSOR_MS);
    return { record: next, more: page.more };
  }

  /** @returns how many values were written */
  async #apply(page: ChangePage, { epoch, ledger }: ProjectionRecord): Promise<number> {
    this.#moved = true;
    crashPoint("projection: changes read");
    const rows = await readPage(
      this.#session,
      page.jobs.map((job) => job.id),
    );
    const written =
      (await writeRows(this.#store, rows, epoch)) +
      (await writeLarge(this.#session, this.#store, rows, epoch));
    crashPoint("projection: values written, changes not published");
    await this.#store.publishChanges(changesMessage(ledger, page));
    crashPoint("projection: published, record not moved");
    return written;
  }

  /**
   * Advances the record after each page, and checks at least every half second whether it still
   * exists.
   */
  async #advance(record: ProjectionRecord, page: ChangePage): Promise<ProjectionRecord> {
    const isDue = performance.now() - this.#checkedAt > POLL_MS * 0.9;
    if (page.events === 0 && !isDue) return record;
    this.#checkedAt = performance.now();
    return await this.#store.swapRecord(record, { ...record, position: page.position });
  }

  /**
   * The next cursor is written to Redis first, so that Redis knows it whether or not PostgreSQL
   * then stores it.
   */
  async #saveCursor(record: ProjectionRecord, everyMs: number): Promise<ProjectionRecord> {
    const { position } = record;
    const dueMs = this.#moved ? everyMs : TOUCH_CURSOR_MS;
    if (performance.now() - this.#savedAt < dueMs) return record;
    const announced = await this.#store.swapRecord(record, { ...record, cursors: [this.#cursor, position] });
    crashPoint("projection: record moved, cursor not saved");
    await this.#session.saveCursor(position);
    crashPoint("projection: cursor saved");
    this.#cursor = position;
    this.#moved = false;
    this.#savedAt = performance.now();
    return await this.#store.swapRecord(announced, { ...announced, cursors: [position, position] });
  }
}

/**
 * Every transition of the page: `{"ledger":"...","jobs":{"<id>":[[2,"running"],[3,"completed"]]}}`.
 */
function changesMessage(ledger: string, page: ChangePage): string {
  const jobs = page.jobs.map(({ id, versions }) => `"${id}":[${versions}]`);
  return `{"ledger":"${ledger}","jobs":{${jobs.join(",")}}}`;
}
