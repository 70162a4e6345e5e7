import { z } from "zod";

const RECORD = z.object({
  /** New with every rebuild. PostgreSQL keeps the same one: another one on either side means that a side is not what it was. */
  generation: z.guid(),
  /** Grows with every rebuild. Values carry it, and only those of this epoch count. */
  epoch: z.int().positive(),
  /** The id of the ledger that is copied. */
  ledger: z.guid(),
  /** filling: the ledger is streamed back. sweeping: what earlier epochs left is removed. ready: complete. */
  phase: z.enum(["filling", "sweeping", "ready"]),
  /** The feed up to here has been applied. */
  position: z.string(),
  /** What PostgreSQL's cursor was, and what it was about to become: with any other one, one of the two sides was put back. */
  cursors: z.tuple([z.string(), z.string()]),
  /** While filling: the last job of the ledger that was walked over. */
  after: z.guid().nullable(),
});

/**
 * What Redis itself says about the copy it holds. It lies beside the values, is written after them on the same connection, and so is
 * lost with them: a Redis that was restored or failed over to an older state also says the older position.
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

/** @returns null for anything that is not a record: it is as good as missing */
export function decodeProjectionRecord(text: string | null): ProjectionRecord | null {
  if (text === null) return null;
  try {
    const record = RECORD.parse(JSON.parse(text));
    // The record is replaced by comparing its text, so one that would be written differently is not ours.
    return encodeProjectionRecord(record) === text ? record : null;
  } catch {
    // Somebody else's text, or another version's: the rebuild replaces it.
    return null;
  }
}
