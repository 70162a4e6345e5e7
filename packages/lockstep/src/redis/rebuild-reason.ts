import type { FeedPosition, ProjectionState } from "../ledger/index.js";
import type { ProjectionRecord } from "./projection-record.js";

interface CopyFacts {
  /** What PostgreSQL remembers. */
  readonly state: ProjectionState;
  /** What Redis says. */
  readonly record: ProjectionRecord | null;
  /** A position that the feed no longer accepts. */
  readonly refused: FeedPosition | null;
}

/**
 * @returns why the projection in Redis cannot be continued and must be rebuilt, or null when it can
 *   be continued
 */
export function rebuildReason({ state, record, refused }: CopyFacts): string | null {
  const { recorded, ledger, feed, cursor } = state;
  if (recorded === null) return "the ledger was never projected";
  if (record === null) return "Redis has no record of a copy: it is new, or was emptied";
  if (record.ledger !== ledger) return `Redis holds the copy of another ledger (${record.ledger})`;
  if (record.generation !== recorded.generation || record.epoch !== recorded.epoch)
    return "Redis and PostgreSQL name different generations: one of them was restored or exchanged";
  if (recorded.feed !== feed) return "PostgreSQL was restored, exchanged or failed over";
  if (cursor === null) return "the projection was not kept up for a day";
  if (!record.cursors.includes(cursor))
    return "Redis or PostgreSQL was put back to an earlier state: the cursor in one is not the one that the other knows";
  if (record.position === refused) return "the feed does not go back to the position of the projection";
  return null;
}
