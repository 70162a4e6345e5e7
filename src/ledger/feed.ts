import type { Database } from "../database/index.js";
import type { Feed, FeedBatch, FeedEvent, FeedPosition } from "./news.js";
import { statement } from "./statements.js";

const LIMIT_MAX = 10_000;

interface Snapshot {
  readonly xmax: string;
  readonly underWay: readonly string[];
}

/**
 * A position is a snapshot: exactly the transactions visible in it are behind the reader. While a long span is read in
 * pages it also holds the later snapshot the pages go up to, and the last (xid, seq) read.
 */
interface Position {
  readonly ledger: string;
  readonly base: string;
  readonly target: string | null;
  readonly xid: string;
  readonly seq: string;
}

type FeedRow = FeedEvent & { readonly xid: string; readonly seq: string };

/**
 * Reads committed transitions in commit order as far as one can be told. A cursor over a sequence would skip rows that commit
 * late, and a horizon (`xid < xmin`) would stall while any transaction of the cluster stays open. The difference of
 * two snapshots has neither fault: each row is read once, as soon as it is committed.
 */
export function createFeed(database: Database): Feed {
  const now = async (): Promise<{ ledger: string; snapshot: string }> => {
    const { rows } = await database.query<{ ledger: string; snapshot: string }>(statement("feed_now"));
    const [row] = rows;
    if (row === undefined) throw new Error("the ledger has no identity; is the schema whole?");
    return row;
  };

  return {
    async now() {
      const { ledger, snapshot } = await now();
      return encode({ ledger, base: snapshot, target: null, xid: "0", seq: "0" });
    },
    async read(text, limit) {
      const position = decode(text);
      if (position === null) return null;
      const current = await now();
      const target = position.target ?? current.snapshot;
      if (position.ledger !== current.ledger || isAhead(position.base, current.snapshot)) return null;
      if (position.target === null && position.base === target)
        return { events: [], position: text, more: false };
      return readSpan(database, { ...position, target }, Math.min(limit, LIMIT_MAX));
    },
  };
}

async function readSpan(
  database: Database,
  position: Position & { readonly target: string },
  limit: number,
): Promise<FeedBatch> {
  const base = parseSnapshot(position.base);
  const { rows } = await database.query<FeedRow>(statement("feed_read"), [
    base.xmax,
    base.underWay,
    position.target,
    position.xid,
    position.seq,
    limit,
  ]);
  const last = rows.at(-1);
  const more = rows.length === limit && last !== undefined;
  // By seq, the order in which rows were locked, so that a job's versions come in their order.
  const events = [...rows]
    .sort((a, b) => (BigInt(a.seq) < BigInt(b.seq) ? -1 : 1))
    .map(({ xid: _xid, seq: _seq, ...event }) => event);
  const next = more
    ? { ...position, xid: last.xid, seq: last.seq }
    : { ...position, base: position.target, target: null, xid: "0", seq: "0" };
  return { events, position: encode(next), more };
}

function parseSnapshot(text: string): Snapshot {
  const [, xmax = "0", list = ""] = text.split(":");
  return { xmax, underWay: list === "" ? [] : list.split(",") };
}

/** A snapshot of a cluster that was rolled back to an earlier time would skip what is written from now on. */
function isAhead(earlier: string, later: string): boolean {
  return BigInt(parseSnapshot(earlier).xmax) > BigInt(parseSnapshot(later).xmax);
}

function encode({ ledger, base, target, xid, seq }: Position): FeedPosition {
  return target === null ? `${ledger}/${base}` : `${ledger}/${base}/${target}/${xid}/${seq}`;
}

function decode(text: FeedPosition): Position | null {
  const match =
    /^([0-9a-f-]{36})\/(\d{1,20}:\d{1,20}:[\d,]{0,4000})(?:\/(\d{1,20}:\d{1,20}:[\d,]{0,4000})\/(\d{1,20})\/(\d{1,19}))?$/.exec(
      text,
    );
  if (!match) return null;
  const [, ledger = "", base = "", target = null, xid = "0", seq = "0"] = match;
  return { ledger, base, target, xid, seq };
}
