import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NonRetryableError } from "lockstep/internal/errors";

const NAME_MAX = 1_024;
const PART_BYTES_MAX = 255;
/** Headers and padding may take as many bytes again as the contents of the files. */
const RAW_FACTOR = 2;
const RATIO_FROM_BYTES = 10 * 1024 * 1024;

export interface ExtractionLimits {
  /** Files and folders. */
  readonly entriesMax: number;
  /** Of all entries together, unpacked. */
  readonly bytesMax: number;
  readonly depthMax: number;
  /** Unpacked bytes per archive byte, checked once more than 10 MiB are unpacked. */
  readonly ratioMax: number;
}

/** The target folder of an archive; it refuses invalid entries while they are unpacked. */
export interface Extraction {
  /** The number of accepted entries. */
  readonly entries: number;
  /**
   * Counts bytes that came out of the archive, part of an entry or not.
   * @throws NonRetryableError
   */
  passed(bytes: number): void;
  /**
   * Counts an entry and checks its name and declared size.
   * @throws NonRetryableError that names the entry
   */
  admit(name: string, declaredBytes: number): void;
  makeFolder(name: string): Promise<void>;
  /**
   * Writes a new file.
   * @throws NonRetryableError when its size differs from the declared one, or the name exists
   */
  writeFile(name: string, declaredBytes: number, content: AsyncIterable<Uint8Array>): Promise<void>;
}

/** The archive is hostile or broken; a retry would not help. */
export function refused(entry: string, why: string): NonRetryableError {
  return new NonRetryableError(`the archive's entry ${JSON.stringify(entry.slice(0, 200))} ${why}`, {
    code: "ARCHIVE_REFUSED",
  });
}

/** @param archiveBytes the size of the archive itself */
export function createExtraction(
  root: string,
  archiveBytes: number,
  limits: ExtractionLimits,
  signal: AbortSignal,
): Extraction {
  let entries = 0;
  let bytes = 0;
  let rawBytes = 0;
  /** @throws NonRetryableError */
  function judge(total: number, reject: (why: string) => NonRetryableError): void {
    if (total > limits.bytesMax) throw reject(`unpack to over ${limits.bytesMax} bytes`);
    if (total > RATIO_FROM_BYTES && total > archiveBytes * limits.ratioMax)
      throw reject(`unpack to over ${limits.ratioMax} times its size`);
  }
  return {
    get entries() {
      return entries;
    },
    passed(more) {
      rawBytes += more;
      judge(
        rawBytes / RAW_FACTOR,
        (why) => new NonRetryableError(`the archive would ${why}`, { code: "ARCHIVE_REFUSED" }),
      );
    },
    admit(name, declaredBytes) {
      signal.throwIfAborted();
      const issue = validateEntryName(name, limits.depthMax);
      if (issue) throw refused(name, issue);
      entries += 1;
      if (entries > limits.entriesMax)
        throw refused(name, `is over the limit of ${limits.entriesMax} entries`);
      if (!(declaredBytes >= 0) || declaredBytes > limits.bytesMax)
        throw refused(name, `declares ${declaredBytes} bytes, over the limit of ${limits.bytesMax}`);
    },
    async makeFolder(name) {
      await mkdir(join(root, name), { recursive: true, mode: 0o700 }).catch((error) => rethrow(error, name));
    },
    async writeFile(name, declaredBytes, content) {
      const path = join(root, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error) => rethrow(error, name));
      const file = await open(path, "wx", 0o600).catch((error) => rethrow(error, name));
      try {
        let written = 0;
        for await (const chunk of content) {
          signal.throwIfAborted();
          written += chunk.length;
          if (written > declaredBytes)
            throw refused(name, `holds more than the ${declaredBytes} bytes it declares`);
          bytes += chunk.length;
          judge(bytes, (why) => refused(name, `makes the archive ${why}`));
          await file.writeFile(chunk);
        }
        if (written < declaredBytes)
          throw refused(name, `holds ${written} bytes and declares ${declaredBytes}`);
      } finally {
        await file.close();
      }
    },
  };
}

/** What is wrong with an entry's name; null for a valid name. */
export function validateEntryName(name: string, depthMax: number): string | null {
  const path = name.replace(/\/$/, "").replace(/^(?:\.\/)+/, "");
  if (name.length > NAME_MAX) return "has a name that is too long";
  if (/[\p{Cc}\p{Cs}\ufffd]/u.test(name)) return "has a name with a character that is not allowed";
  if (name.includes("\\")) return "has a name with a backslash";
  if (name.startsWith("/") || /^[a-z]:/i.test(name)) return "has an absolute path";
  const parts = path.split("/");
  if (parts.includes("..")) return "has a path that climbs out of the archive";
  if (parts.length > depthMax) return "is nested too deep";
  if (parts.some((part) => Buffer.byteLength(part) > PART_BYTES_MAX)) return "has a name that is too long";
  return null;
}

function rethrow(error: unknown, name: string): never {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EEXIST" || code === "ENOTDIR" || code === "EISDIR") throw refused(name, "exists twice");
  throw error;
}
