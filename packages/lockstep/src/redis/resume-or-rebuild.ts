import { randomUUID } from "node:crypto";
import { crashPoint } from "../crash-point.js";
import type { FeedPosition, ProjectionSession, ProjectionState } from "../ledger/index.js";
import type { ProjectionRecord } from "./projection-record.js";
import { rebuildReason } from "./rebuild-reason.js";
import { type ProjectionStore, StartOver } from "./store.js";

interface ResumeOptions {
  readonly session: ProjectionSession;
  readonly store: ProjectionStore;
  readonly refused: FeedPosition | null;
  /** Called before a rebuild begins; it may wait. */
  readonly onRebuild: (reason: string) => Promise<void>;
}

export interface ResumedProjection {
  readonly record: ProjectionRecord;
  /** The cursor in PostgreSQL. */
  readonly cursor: FeedPosition;
}

/** Continues the projection in Redis, or begins a new one. */
export async function resumeOrRebuild(options: ResumeOptions): Promise<ResumedProjection> {
  const { session, store, refused, onRebuild } = options;
  const [state, record] = [await session.state(), await store.readRecord()];
  const reason = rebuildReason({ state, record, refused });
  if (reason === null && record !== null && state.cursor !== null) {
    // The previous projector may have ended between the two.
    if (record.phase === "ready" && state.recorded?.rebuilding) await session.finish(record.generation);
    return { record, cursor: state.cursor };
  }
  await onRebuild(reason ?? "Redis has no record");
  return await beginRebuild(session, store, state, record);
}

async function beginRebuild(
  session: ProjectionSession,
  store: ProjectionStore,
  { ledger, feed, clockMs, recorded }: ProjectionState,
  found: ProjectionRecord | null,
): Promise<ResumedProjection> {
  // Later than any epoch that either side knows or may have forgotten: the clock advances even if a
  // backup does not.
  const epoch = Math.max(recorded?.epoch ?? 0, found?.epoch ?? 0, clockMs) + 1;
  const generation = randomUUID();
  if (!(await session.begin({ generation, epoch, feed })))
    throw new StartOver("another projector began a rebuild meanwhile");
  // The position first: anything committed after it arrives through the feed, and the walk finds
  // everything before it.
  const position = await session.now();
  const record: ProjectionRecord = {
    generation,
    epoch,
    ledger,
    phase: "filling",
    position,
    cursors: [position, position],
    after: null,
  };
  crashPoint("rebuild: begun in PostgreSQL, not in Redis");
  await store.putRecord(record);
  await session.saveCursor(position);
  return { record, cursor: position };
}
