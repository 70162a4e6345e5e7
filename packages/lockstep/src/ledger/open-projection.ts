import type { Database, Queryable, Session } from "../database/index.js";
import { NIL_ID } from "../job/index.js";
import type { FeedPosition } from "./feed-event.js";
import { positionNow, spanSince } from "./feed-position.js";
import type {
  ChangePage,
  ProjectedOutcome,
  ProjectedRow,
  ProjectionSession,
  ProjectionSource,
  ProjectionState,
} from "./projection.js";
import { statement } from "./statements.js";

const CURSOR = "projection";
/**
 * A cursor that was silent for longer no longer holds the archive back, so its reader must start
 * again.
 */
const CURSOR_FORGOTTEN_SECONDS = 86_400;
const CHANGES_MAX = 10_000;
/** Larger outputs are read with `largeValues`, in groups that fit into memory. */
const INLINE_BYTES_MAX = 16_384;

/** What the projector reads from the ledger, and the lock that makes it the only projector. */
export function createProjectionSource(database: Database): ProjectionSource {
  return {
    rows: (ids, keptSeconds, payloadBytesMax) => valuesOf(database, { ids, keptSeconds, payloadBytesMax }),
    outcomes: async (ids, payloadBytesMax) =>
      (
        await database.query<ProjectedOutcome>(statement("projection_outcomes"), [
          ids.join(","),
          payloadBytesMax,
        ])
      ).rows,
    async acquire(keptSeconds) {
      const session = await database.connect();
      try {
        const lock = await one<{ held: boolean; pid: number }>(session, "projection_lock");
        if (lock.held) return projectionSession(session, lock.pid, keptSeconds);
      } catch (error) {
        await session.release();
        throw error;
      }
      await session.release();
      return null;
    },
  };
}

interface ValuesOf {
  readonly ids: readonly string[];
  readonly keptSeconds: number;
  readonly payloadBytesMax: number;
}

async function valuesOf(
  database: Queryable,
  { ids, keptSeconds, payloadBytesMax }: ValuesOf,
): Promise<readonly ProjectedRow[]> {
  const values = [ids.join(","), keptSeconds, payloadBytesMax];
  return (await database.query<ProjectedRow>(statement("projection_values"), values)).rows;
}

function projectionSession(session: Session, pid: number, keptSeconds: number): ProjectionSession {
  const values = (ids: readonly string[], payloadBytesMax: number) =>
    valuesOf(session, { ids, keptSeconds, payloadBytesMax });
  return {
    state: () => readState(session, pid),
    async begin({ generation, epoch, feed }) {
      const { rows } = await session.query(statement("projection_begin"), [generation, epoch, feed]);
      return rows.length === 1;
    },
    finish: async (generation) => void (await session.query(statement("projection_finish"), [generation])),
    now: () => positionNow(session),
    changes: (position, limit) => readChanges(session, position, Math.min(limit, CHANGES_MAX)),
    async scan(afterId, limit) {
      const page = await one<{ last_id: string | null; ids: string | null }>(session, "projection_scan", [
        afterId ?? NIL_ID,
        limit,
        keptSeconds,
      ]);
      return { lastId: page.last_id, ids: page.ids?.split(",") ?? [] };
    },
    values: (ids) => values(ids, INLINE_BYTES_MAX),
    largeValues: values,
    saveCursor: async (position) =>
      void (await session.query(statement("save_feed_cursor"), [CURSOR, position])),
    async release() {
      // If this fails, the connection is broken: it is destroyed, and the lock ends with it.
      await session.query(statement("projection_unlock")).catch(() => undefined);
      await session.release();
    },
  };
}

interface StateRow {
  readonly ledger: string;
  readonly feed: string;
  readonly pid: number;
  readonly clock_ms: string;
  readonly generation: string | null;
  readonly epoch: string;
  readonly recorded_feed: string;
  readonly rebuilding: boolean;
  readonly position: FeedPosition | null;
}

async function readState(session: Session, pid: number): Promise<ProjectionState> {
  // Binds the feed to this cluster, if nobody has done it yet.
  await positionNow(session);
  const row = await one<StateRow>(session, "projection_state", [CURSOR, CURSOR_FORGOTTEN_SECONDS]);
  if (row.pid !== pid)
    throw new Error(
      "The projector's statements reach different PostgreSQL sessions, so its lock has no effect: give it a direct connection, or a pooler in session mode.",
    );
  const { generation, epoch, recorded_feed: feed, rebuilding } = row;
  return {
    ledger: row.ledger,
    clockMs: Number(row.clock_ms),
    feed: row.feed,
    recorded: generation === null ? null : { generation, epoch: Number(epoch), feed, rebuilding },
    cursor: row.position,
  };
}

async function readChanges(
  session: Session,
  position: FeedPosition,
  limit: number,
): Promise<ChangePage | null> {
  const span = await spanSince(session, position);
  if (span === null) return null;
  const nothing = { jobs: [], events: 0, completed: 0, oldestSeconds: 0, more: false };
  if (span.isEmpty) return { ...nothing, position };
  const { rows } = await session.query<ChangeRow>(statement("projection_changes"), [
    ...span.parameters,
    limit,
  ]);
  const [first] = rows;
  if (first === undefined) {
    // The last page of this span was exactly full; what was committed since is in the next span.
    const next = span.after(null);
    return span.isContinued ? await readChanges(session, next, limit) : { ...nothing, position: next };
  }
  const more = first.events === limit;
  return {
    jobs: rows.map((row) => ({ id: row.job_id, versions: row.versions })),
    events: first.events,
    completed: first.completed,
    oldestSeconds: first.oldest_seconds,
    position: span.after(more ? first : null),
    more,
  };
}

interface ChangeRow {
  readonly job_id: string;
  readonly versions: string;
  readonly events: number;
  readonly completed: number;
  readonly oldest_seconds: number;
  readonly xid: string;
  readonly seq: string;
}

async function one<Row>(session: Session, name: string, values?: readonly unknown[]): Promise<Row> {
  const { rows } = await session.query<Row>(statement(name), values);
  const [row] = rows;
  if (row === undefined) throw new Error(`${name} returned no row; is the schema complete?`);
  return row;
}
