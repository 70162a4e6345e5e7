import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { NonRetryableError } from "lockstep/internal/errors";
import { Parser, type ReadEntry } from "tar";
import { type Extraction, refused } from "./extraction.js";

const FILES = new Set(["File", "OldFile", "ContiguousFile"]);

/** Unpacks a tar or tar.gz file. @throws NonRetryableError that names the entry which is refused */
export async function untar(
  archivePath: string,
  gzipped: boolean,
  extraction: Extraction,
  signal: AbortSignal,
): Promise<void> {
  const file = createReadStream(archivePath, { signal });
  const unzipped = gzipped ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => unzipped.destroy(error));
  try {
    await parse(unzipped, extraction);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NonRetryableError) throw error;
    const what = error instanceof Error ? error.message.slice(0, 300) : "unknown error";
    throw new NonRetryableError(`the tar file cannot be read: ${what}`, {
      code: "ARCHIVE_REFUSED",
      cause: error,
    });
  } finally {
    file.destroy();
    unzipped.destroy();
  }
}

/** Feeds the parser no faster than its entries are written. */
async function parse(bytes: Readable, extraction: Extraction): Promise<void> {
  // Only plain tar: otherwise the parser would unpack doubly compressed data without measuring it.
  const parser = new Parser({ strict: true, brotli: false, zstd: false });
  const entries = new EntryWriter(parser, extraction);
  try {
    let first = true;
    let atEnd = false;
    parser.once("eof", () => {
      atEnd = true;
    });
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      if (first && chunk[0] === 0x1f && chunk[1] === 0x8b) throw new Error("it is compressed twice");
      first = false;
      extraction.passed(chunk.length);
      if (!parser.write(chunk)) await entries.orFailure(heard(parser, "drain"));
      // Data after the end mark belongs to no entry, and the parser would buffer it in memory.
      if (atEnd) break;
    }
    const ended = heard(parser, "end");
    parser.end();
    await entries.orFailure(ended);
    await entries.written();
  } catch (error) {
    await entries.abandon(error);
    throw error;
  }
}

function heard(parser: Parser, event: "drain" | "end"): Promise<void> {
  return new Promise((resolve) => parser.once(event, resolve));
}

/** Writes the parser's entries one after the other, and reports the first failure. */
class EntryWriter {
  #current: ReadEntry | null = null;
  #writing: Promise<void> = Promise.resolve();
  readonly #failure: Promise<never>;

  constructor(parser: Parser, extraction: Extraction) {
    this.#failure = new Promise((_resolve, reject) => {
      parser.on("error", reject);
      parser.on("entry", (entry: ReadEntry) => {
        this.#writing = this.#writing.then(() => {
          this.#current = entry;
          return unpack(entry, extraction);
        });
        this.#writing.catch(reject);
      });
    });
    this.#failure.catch(() => undefined); // It is awaited together with other promises, maybe after it has failed.
  }

  orFailure(work: Promise<void>): Promise<void> {
    return Promise.race([work, this.#failure]);
  }

  written(): Promise<void> {
    return this.orFailure(this.#writing);
  }

  /** Ends the entry that waits for bytes that will never arrive, so that its file is closed. */
  async abandon(error: unknown): Promise<void> {
    this.#current?.destroy(error);
    await this.#writing.catch(() => undefined); // The failure that is being handled, or its consequence.
  }
}

async function unpack(entry: ReadEntry, extraction: Extraction): Promise<void> {
  extraction.admit(entry.path, entry.size);
  if (entry.type === "Directory") {
    await extraction.makeFolder(entry.path);
    entry.resume();
  } else if (FILES.has(entry.type)) {
    await extraction.writeFile(entry.path, entry.size, entry as AsyncIterable<Buffer>);
  } else {
    throw refused(
      entry.path,
      entry.type.includes("Link") ? "is a link" : `is a ${entry.type}, neither a file nor a folder`,
    );
  }
}
