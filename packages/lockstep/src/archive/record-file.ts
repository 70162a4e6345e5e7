import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { ArchiveEntry, ArchiveFile, ArchivePlace, ArchiveRecord } from "../ledger/index.js";
import type { ArchiveSink } from "./sink.js";

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/**
 * A member is written from 256 KiB as the database stores them, and the database itself compresses
 * repetitions.
 */
const MEMBER_BYTES_MAX = 256 * 1024 * 1024;
const NAME_DIGITS = 16;

interface Member {
  readonly offset: number;
  readonly content: Uint8Array;
  readonly records: readonly Pick<ArchiveRecord, "job" | "late_results">[];
}

/**
 * A file of NDJSON, one record per line, as a series of gzip members: `zcat` reads the whole file,
 * and one line is read by decompressing only its member (RFC 1952, section 2.2).
 */
export interface RecordFile {
  /** Adds a member with these records, at least one. */
  add(records: readonly ArchiveRecord[]): Promise<void>;
  /**
   * Writes the file. Its name and content depend only on the records, so writing the same records
   * again creates no second file.
   */
  write(
    sink: ArchiveSink,
  ): Promise<{ readonly file: ArchiveFile; readonly entries: readonly ArchiveEntry[] }>;
}

/** @param day the UTC day on which the jobs finished, such as `2031-02-03` */
export function createRecordFile(day: string): RecordFile {
  const members: Member[] = [];
  let bytes = 0;
  return {
    async add(records) {
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
      const content = await compress(text);
      const kept = records.map(({ job, late_results }) => ({ job, late_results }));
      members.push({ offset: bytes, content, records: kept });
      bytes += content.byteLength;
    },
    async write(sink) {
      const content = Buffer.concat(members.map((member) => member.content));
      const sha256 = createHash("sha256").update(content).digest("hex");
      const first = members[0]?.records[0]?.job.id ?? "";
      const name = `${day}/${first}-${sha256.slice(0, NAME_DIGITS)}.ndjson.gz`;
      await sink.write(name, content);
      const entries = members.flatMap((member) => entriesOf(member, name));
      const file = { name, store: sink.store, jobs: entries.length, bytes, sha256 };
      return { file, entries };
    },
  };
}

function entriesOf({ offset, content, records }: Member, file: string): ArchiveEntry[] {
  return records.map(({ job, late_results }, line) => ({
    id: job.id,
    version: job.version,
    lateResults: late_results.length,
    place: { file, offset, bytes: content.byteLength, line },
  }));
}

/**
 * Reads one record back.
 * @returns null when its file does not exist, cannot be read, or has no record at this place
 */
export async function readRecord(sink: ArchiveSink, place: ArchivePlace): Promise<ArchiveRecord | null> {
  try {
    const member = await sink.read(place.file, place.offset, place.bytes);
    if (member === null) return null;
    const text = (await decompress(member, { maxOutputLength: MEMBER_BYTES_MAX })).toString();
    const record = JSON.parse(text.split("\n")[place.line] ?? "null") as Partial<ArchiveRecord> | null;
    return record?.schema === "lockstep.archived-job/1" ? (record as ArchiveRecord) : null;
  } catch {
    // Damaged, or not readable for this process: the same as missing. The ledger still says how the
    // job ended.
    return null;
  }
}
