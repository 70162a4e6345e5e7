import { crashPoint } from "../crash-point.js";
import type { Database } from "../database/index.js";
import type { Feed, FeedBatch, FeedEvent, FeedTally, FeedTallyPage } from "./feed-event.js";
import { positionNow, type Span, spanSince } from "./feed-position.js";
import { statement } from "./statements.js";

const LIMIT_MAX = 10_000;
const TALLY_LIMIT_MAX = 50_000;

type FeedRow = FeedEvent & {
  readonly xid: string;
  readonly seq: string;
  readonly floor: string;
  readonly as_of: string;
  /** The job was archived since, and its history with it. */
  readonly gone: boolean;
};
type TallyRow = Omit<FeedTally, "kind" | "reason"> & {
  readonly [Name in "kind" | "reason"]: FeedTally[Name] | null;
} & Omit<FeedRow, keyof FeedEvent | "gone" | "as_of"> & { readonly events: number };
type NoTallyRow = Pick<FeedRow, "floor"> & { readonly status: null };
type NoRow = Pick<FeedRow, "floor"> & { readonly job_id: null };

/**
 * Reads committed transitions in commit order, as far as that order can be known. A cursor over a
 * sequence would skip rows that commit late. A horizon (`xid < xmin`) would stall while any
 * transaction of the cluster stays open. The difference of two snapshots has neither fault: each
 * row is read once, as soon as it is committed.
 */
export function createFeed(database: Database): Feed {
  return {
    now: () => positionNow(database),
    async read(position, limit) {
      const span = await spanSince(database, position);
      if (span === null) return null;
      if (span.isEmpty) return { events: [], as_of: null, position, more: false };
      return readSpan(database, span, Math.min(limit, LIMIT_MAX));
    },
    async tally(position, limit) {
      const span = await spanSince(database, position);
      if (span === null) return null;
      if (span.isEmpty) return { tallies: [], position, more: false };
      return tallySpan(database, span, Math.min(limit, TALLY_LIMIT_MAX));
    },
  };
}

async function tallySpan(database: Database, span: Span, limit: number): Promise<FeedTallyPage | null> {
  const parameters = [...span.parameters, limit];
  const answer = await database.query<TallyRow | NoTallyRow>(statement("feed_tally"), parameters);
  if (answer.rows[0] && span.reachesBelow(answer.rows[0].floor)) return null;
  const rows = answer.rows.filter((row): row is TallyRow => row.status !== null);
  const [first] = rows;
  const more = first?.events === limit;
  const tallies = rows.flatMap(({ kind, status, reason, n }) =>
    kind === null || reason === null ? [] : [{ kind, status, reason, n }],
  );
  // The reader is so far behind that jobs were archived since: it starts again.
  if (tallies.length < rows.length) return null;
  return { tallies, position: span.after(more ? first : null), more };
}

async function readSpan(database: Database, span: Span, limit: number): Promise<FeedBatch | null> {
  const answer = await database.query<FeedRow | NoRow>(statement("feed_read"), [...span.parameters, limit]);
  if (answer.rows[0] && span.reachesBelow(answer.rows[0].floor)) return null;
  const rows = answer.rows.filter((row): row is FeedRow => row.job_id !== null);
  // The reader is so far behind that jobs were archived since: it starts again.
  if (rows.some((row) => row.gone)) return null;
  if (rows.length > 0) crashPoint("feed: read, not delivered");
  const last = rows.at(-1);
  const more = rows.length === limit && last !== undefined;
  // Ordered by seq, the order in which rows were locked, so that the versions of one job come in
  // order.
  const events = [...rows]
    .sort((a, b) => (BigInt(a.seq) < BigInt(b.seq) ? -1 : 1))
    .map(({ xid: _xid, seq: _seq, floor: _floor, as_of: _asOf, gone: _gone, ...event }) => event);
  return { events, as_of: last?.as_of ?? null, position: span.after(more ? last : null), more };
}
