import type { Queryable } from "../database/index.js";
import type { FeedPosition } from "./feed-event.js";
import { statement } from "./statements.js";

/** Changes of another cluster that are deleted in one statement. */
const BIND_ROWS_MAX = 20_000;

interface Snapshot {
  readonly xmin: string;
  readonly xmax: string;
  readonly underWay: readonly string[];
}

/**
 * A position is a snapshot: the reader has passed exactly the transactions visible in it. While a
 * long span is read in pages, the position also holds the later snapshot at which the span ends,
 * and the last (xid, seq) read.
 */
interface Position {
  /** Another one after a restore into another cluster, whose transactions have other numbers. */
  readonly feed: string;
  readonly base: string;
  readonly target: string | null;
  readonly xid: string;
  readonly seq: string;
}

/** The transitions committed between a position and now. */
export interface Span {
  /** Whether the span is certainly empty. */
  readonly isEmpty: boolean;
  /**
   * Whether the position is in the middle of the span, so that more was committed after the span's
   * end.
   */
  readonly isContinued: boolean;
  /**
   * Whether rows of the span may have gone to the archive.
   * @param floor the newest transaction whose rows may be in the archive
   */
  reachesBelow(floor: string): boolean;
  /** The first five parameters of a statement that reads the span. */
  readonly parameters: readonly unknown[];
  /**
   * The position after a page of the span.
   * @param last the last (xid, seq) of the page when the span has more pages; otherwise null
   */
  after(last: { readonly xid: string; readonly seq: string } | null): FeedPosition;
}

/** The position now: exactly what is visible at this moment is before it. */
export async function positionNow(runner: Queryable): Promise<FeedPosition> {
  const { feed, snapshot } = await now(runner);
  return encode({ feed, base: snapshot, target: null, xid: "0", seq: "0" });
}

/**
 * @returns null when the position is not from this feed, is ahead of it (the cluster was rolled
 *   back), or is so old that the archive has taken transitions that come after it
 */
export async function spanSince(runner: Queryable, text: FeedPosition): Promise<Span | null> {
  const position = decode(text);
  if (position === null) return null;
  const current = await now(runner);
  const target = position.target ?? current.snapshot;
  if (position.feed !== current.feed || isAhead(position.base, current.snapshot)) return null;
  const base = parseSnapshot(position.base);
  const reachesBelow = (floor: string) => BigInt(base.xmin) <= BigInt(floor);
  if (reachesBelow(current.floor)) return null;
  return {
    reachesBelow,
    isEmpty: position.target === null && position.base === target,
    isContinued: position.target !== null,
    parameters: [base.xmax, base.underWay, target, position.xid, position.seq],
    after: (last) =>
      encode(
        last === null
          ? { ...position, base: target, target: null, xid: "0", seq: "0" }
          : { ...position, target, xid: last.xid, seq: last.seq },
      ),
  };
}

interface Now {
  readonly feed: string;
  readonly bound: boolean;
  readonly snapshot: string;
  readonly floor: string;
}

async function now(runner: Queryable): Promise<Now> {
  const { rows } = await runner.query<Now>(statement("feed_now"));
  const [row] = rows;
  if (row === undefined) throw new Error("the ledger has no feed; is the schema complete?");
  if (row.bound) return row;
  await bindFeed(runner);
  return await now(runner);
}

/**
 * Binds the feed to the cluster that it is in. After a restore, an upgrade or a failover the first
 * reader does so, and every reader starts again once.
 */
async function bindFeed(runner: Queryable): Promise<void> {
  for (let bound = false; !bound; ) {
    const { rows } = await runner.query<{ bound: boolean }>(statement("bind_feed"), [BIND_ROWS_MAX]);
    bound = rows[0]?.bound ?? true;
  }
}

function parseSnapshot(text: string): Snapshot {
  const [xmin = "0", xmax = "0", list = ""] = text.split(":");
  return { xmin, xmax, underWay: list === "" ? [] : list.split(",") };
}

/**
 * A snapshot from before a cluster was rolled back to an earlier time would skip what is written
 * from now on.
 */
function isAhead(earlier: string, later: string): boolean {
  return BigInt(parseSnapshot(earlier).xmax) > BigInt(parseSnapshot(later).xmax);
}

function encode({ feed, base, target, xid, seq }: Position): FeedPosition {
  return target === null ? `${feed}/${base}` : `${feed}/${base}/${target}/${xid}/${seq}`;
}

function decode(text: FeedPosition): Position | null {
  const match =
    /^([0-9a-f-]{36})\/(\d{1,20}:\d{1,20}:[\d,]{0,4000})(?:\/(\d{1,20}:\d{1,20}:[\d,]{0,4000})\/(\d{1,20})\/(\d{1,19}))?$/.exec(
      text,
    );
  if (!match) return null;
  const [, feed = "", base = "", target = null, xid = "0", seq = "0"] = match;
  return { feed, base, target, xid, seq };
}
