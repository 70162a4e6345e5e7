import { z } from "zod";

const RECORD = z.object({
  /**
   * New with every rebuild. PostgreSQL has the same one; a difference means that one side was
   * replaced or restored.
   */
  generation: z.guid(),
  /**
   * Grows with every rebuild. Every value has an epoch, and only values of the current one count.
   */
  epoch: z.int().positive(),
  /** The id of the projected ledger. */
  ledger: z.guid(),
  /**
   * filling: the ledger is streamed back. sweeping: values of earlier epochs are removed. ready:
   * complete.
   */
  phase: z.enum(["filling", "sweeping", "ready"]),
  /** The feed has been applied up to this position. */
  position: z.string(),
  /**
   * PostgreSQL's cursor and the one that was about to replace it. If PostgreSQL has any other, one
   * of the two sides was restored.
   */
  cursors: z.tuple([z.string(), z.string()]),
  /** While filling: the last job that the walk over the ledger has passed. */
  after: z.guid().nullable(),
});

/**
 * What Redis itself says about its projection. The record is beside the values, is written after
 * them on the same connection, and so is lost with them: a Redis that was restored or failed over
 * to an older state also has the older position.
 */
export type ProjectionRecord = Readonly<z.output<typeof RECORD>>;

export function encodeProjectionRecord({
  generation,
  epoch,
  ledger,
  phase,
  position,
  cursors,
  after,
}: ProjectionRecord): string {
  return JSON.stringify({ generation, epoch, ledger, phase, position, cursors, after });
}

/** @returns null for anything that is not a record: it counts as missing */
export function decodeProjectionRecord(text: string | null): ProjectionRecord | null {
  if (text === null) return null;
  try {
    const record = RECORD.parse(JSON.parse(text));
    // The record is replaced by comparing its text, so a record with another encoding is not ours.
    return encodeProjectionRecord(record) === text ? record : null;
  } catch {
    // Another program's text, or another version's: the rebuild replaces it.
    return null;
  }
}
