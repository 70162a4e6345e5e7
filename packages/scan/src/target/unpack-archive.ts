import { stat } from "node:fs/promises";
import type { FileInfo } from "lockstep/internal/artifacts";
import { NonRetryableError } from "lockstep/internal/errors";
import { createExtraction, type ExtractionLimits } from "./extraction.js";
import { untar } from "./untar.js";
import { unzip } from "./unzip.js";

export interface ArchiveOptions {
  readonly info: FileInfo;
  readonly path: string;
  /** An empty folder. */
  readonly into: string;
  readonly limits: ExtractionLimits;
  readonly signal: AbortSignal;
}

/**
 * Unpacks an uploaded zip, tar or tar.gz; the content decides which one it is.
 * @throws NonRetryableError when it is another type, hostile, broken or too large
 */
export async function unpackArchive({ info, path, into, limits, signal }: ArchiveOptions): Promise<void> {
  const extraction = createExtraction(into, (await stat(path)).size, limits, signal);
  switch (info.media_type) {
    case "application/zip":
      await unzip(path, extraction, signal);
      break;
    case "application/gzip":
    case "application/x-tar":
      await untar(path, info.media_type === "application/gzip", extraction, signal);
      break;
    default:
      throw new NonRetryableError(
        `the file is not an archive: it is ${info.media_type}, not zip, tar or tar.gz`,
        { code: "ARCHIVE_REFUSED" },
      );
  }
  if (extraction.entries === 0)
    throw new NonRetryableError("the archive is empty", { code: "ARCHIVE_REFUSED" });
}
