import { crashPoint } from "../crash-point.js";
import type { ProjectionSession } from "../ledger/index.js";
import { type Page, readPage, writeLarge, writeRows } from "./page.js";
import type { ProjectionRecord } from "./projection-record.js";
import type { ProjectionStore } from "./store.js";

/** Jobs that one statement walks over. */
const WALK_JOBS = 2_000;
/** How long the rebuild may run before live changes get their turn. */
const SLICE_MS = 100;

interface RebuildOptions {
  readonly session: ProjectionSession;
  readonly store: ProjectionStore;
  readonly signal: AbortSignal;
  /** Applies the feed up to its end. */
  readonly live: (record: ProjectionRecord) => Promise<ProjectionRecord>;
  readonly onWritten: (values: number) => void;
  /** Values of jobs that the ledger does not have, or that are no longer kept. */
  readonly onRemoved: (values: number) => void;
}

interface WalkedPage extends Page {
  /** null at the end of the ledger. */
  readonly lastId: string | null;
}

/**
 * Streams the ledger back into Redis by primary key, then removes values of earlier epochs. Live
 * changes are applied in between: a value's version decides, so the order of the two does not
 * matter. The progress is in the record, so another projector can continue.
 * @returns the record, ready unless the rebuild was aborted
 */
export async function rebuild(record: ProjectionRecord, options: RebuildOptions): Promise<ProjectionRecord> {
  const filled = record.phase === "filling" ? await fill(record, options) : record;
  return filled.phase === "sweeping" ? await sweep(filled, options) : filled;
}

async function fill(start: ProjectionRecord, options: RebuildOptions): Promise<ProjectionRecord> {
  const { session, store, signal, onWritten } = options;
  const { epoch } = start;
  let record = start;
  let page = await walk(session, record.after);
  let sliceEnd = performance.now() + SLICE_MS;
  while (page.lastId !== null && !signal.aborted) {
    // PostgreSQL reads the next page while Redis writes this one.
    const [next, written] = await both(walk(session, page.lastId), writeRows(store, page, epoch));
    onWritten(written + (await writeLarge(session, store, page, epoch)));
    record = await store.swapRecord(record, { ...record, after: page.lastId });
    page = next;
    if (performance.now() < sliceEnd) continue;
    record = await options.live(record);
    sliceEnd = performance.now() + SLICE_MS;
  }
  return page.lastId === null
    ? await store.swapRecord(record, { ...record, phase: "sweeping", after: null })
    : record;
}

async function walk(session: ProjectionSession, after: string | null): Promise<WalkedPage> {
  const { lastId, ids } = await session.scan(after, WALK_JOBS);
  return { ...(await readPage(session, ids)), lastId };
}

async function sweep(start: ProjectionRecord, options: RebuildOptions): Promise<ProjectionRecord> {
  const { session, store, signal, live, onRemoved } = options;
  let record = start;
  let sliceEnd = performance.now() + SLICE_MS;
  for (let cursor: string | null = "0"; cursor !== null; ) {
    if (signal.aborted) return record;
    const part = await store.sweep(cursor, record.epoch);
    cursor = part.next;
    onRemoved(part.removed);
    if (performance.now() < sliceEnd) continue;
    record = await live(record);
    sliceEnd = performance.now() + SLICE_MS;
  }
  crashPoint("rebuild: streamed, not ready");
  record = await store.swapRecord(record, { ...record, phase: "ready" });
  crashPoint("rebuild: ready in Redis, not in PostgreSQL");
  await session.finish(record.generation);
  return record;
}

/** Runs both at the same time. If one fails, it throws only after both have ended. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}
