import { crc32 } from "node:zlib";
import { z } from "zod";
import { OUTPUT_BYTES_MAX } from "../job/index.js";
import type { Settlement } from "../ledger/index.js";

/** A record quotes the output's JSON text again, which at most doubles it. */
export const RECORD_BYTES_MAX = 2 * OUTPUT_BYTES_MAX + 65_536;
const HEADER_BYTES = 8;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const ATTEMPT_ERROR = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().nullable(),
  stack: z.string().nullable(),
});

const RECORD = z.object({
  ledger_id: z.guid(),
  job_id: z.guid(),
  attempt: z.int().positive(),
  worker_id: z.guid(),
  claim_token: z.guid().optional(),
  outcome: z.discriminatedUnion("type", [
    z.object({ type: z.literal("completed"), output: z.string() }),
    z.object({
      type: z.literal("failed"),
      error: ATTEMPT_ERROR,
      retry_in_ms: z.number().nullable(),
      reason: z.enum(["error", "timeout"]),
    }),
    z.object({ type: z.literal("released") }),
    z.object({ type: z.literal("cancelled"), error: ATTEMPT_ERROR.nullable() }),
  ]),
});

/** An outcome, and the ledger that it belongs to: two ledgers may share a data directory. */
export interface SpoolRecord extends Settlement {
  readonly ledger_id: string;
}

/** Content of a spool file. */
export interface DecodedSpool {
  readonly records: readonly SpoolRecord[];
  /** Bytes after the last good record: a write that a crash cut short. */
  readonly tornBytes: number;
  /** Bytes before the last good record that belong to no record: the file was damaged. */
  readonly damagedBytes: number;
}

/** One record: `u32 length | u32 crc32 | JSON`, big-endian; length and crc are the JSON's. */
export function encodeSpoolRecord(spooled: SpoolRecord): Buffer {
  const { ledger_id, job_id, attempt, worker_id, claim_token, outcome } = spooled;
  const text = JSON.stringify({ ledger_id, job_id, attempt, worker_id, claim_token, outcome });
  const record = Buffer.allocUnsafe(HEADER_BYTES + Buffer.byteLength(text));
  const bytes = record.write(text, HEADER_BYTES, "utf8");
  record.writeUInt32BE(bytes, 0);
  record.writeUInt32BE(crc32(record.subarray(HEADER_BYTES)), 4);
  return record;
}

/**
 * Reads every intact record. After a damaged one it continues byte by byte: a header begins with a
 * zero or one byte, which JSON text never contains unescaped, so nothing inside a record can be
 * mistaken for a header.
 */
export function decodeSpool(bytes: Buffer): DecodedSpool {
  const records: SpoolRecord[] = [];
  let damagedBytes = 0;
  let badBytes = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const found = recordAt(bytes, offset);
    if (found === null) {
      badBytes += 1;
      offset += 1;
      continue;
    }
    damagedBytes += badBytes;
    badBytes = 0;
    records.push(found.spooled);
    offset = found.end;
  }
  return { records, tornBytes: badBytes, damagedBytes };
}

function recordAt(
  bytes: Buffer,
  offset: number,
): { readonly spooled: SpoolRecord; readonly end: number } | null {
  const start = offset + HEADER_BYTES;
  if (start > bytes.length) return null;
  const length = bytes.readUInt32BE(offset);
  const end = start + length;
  if (length < 2 || length > RECORD_BYTES_MAX || end > bytes.length) return null;
  if (bytes[start] !== OPEN_BRACE || bytes[end - 1] !== CLOSE_BRACE) return null;
  const body = bytes.subarray(start, end);
  if (crc32(body) !== bytes.readUInt32BE(offset + 4)) return null;
  return parseBody(body, end);
}

function parseBody(
  body: Buffer,
  end: number,
): { readonly spooled: SpoolRecord; readonly end: number } | null {
  try {
    const record = RECORD.safeParse(JSON.parse(body.toString("utf8")));
    return record.success ? { spooled: spooledOf(record.data), end } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** An absent token stays absent. */
function spooledOf({ claim_token, ...record }: z.output<typeof RECORD>): SpoolRecord {
  return claim_token === undefined ? record : { ...record, claim_token };
}
