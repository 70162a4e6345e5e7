import { PassThrough, pipeline } from "node:stream";
import { NonRetryableError } from "lockstep/internal/errors";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { type Extraction, refused } from "./extraction.js";

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const STORED = 0;
const DEFLATED = 8;

/** Unpacks a zip file. @throws NonRetryableError that names the entry which is refused */
export async function unzip(archivePath: string, extraction: Extraction, signal: AbortSignal): Promise<void> {
  const zip = await openPromise(archivePath, {
    lazyEntries: true,
    strictFileNames: true,
    validateEntrySizes: true,
  }).catch(unreadable);
  try {
    for await (const entry of zip.eachEntry()) await unpack(zip, entry, extraction, signal);
  } catch (error) {
    signal.throwIfAborted();
    unreadable(error);
  } finally {
    zip.close();
  }
}

async function unpack(
  zip: ZipFile,
  entry: Entry,
  extraction: Extraction,
  signal: AbortSignal,
): Promise<void> {
  const name = entry.fileName;
  const isFolder = name.endsWith("/");
  extraction.admit(name, entry.uncompressedSize);
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== (isFolder ? FOLDER : REGULAR)) throw refused(name, "is a link or a device");
  if (entry.isEncrypted()) throw refused(name, "is encrypted");
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw refused(name, "is compressed in an unknown way");
  if (isFolder) return extraction.makeFolder(name);
  // yauzl's stream may fail before anybody reads it, which would be an uncaught exception; the pipe
  // handles it at once.
  const content = new PassThrough();
  pipeline(await zip.openReadStreamPromise(entry), content, () => undefined);
  content.on("error", () => undefined);
  try {
    await extraction.writeFile(name, entry.uncompressedSize, content);
  } catch (error) {
    signal.throwIfAborted();
    // yauzl and zlib report what is wrong with the bytes; only here is the entry's name known.
    throw error instanceof NonRetryableError ? error : refused(name, `cannot be read: ${messageOf(error)}`);
  } finally {
    content.destroy();
  }
}

function unreadable(error: unknown): never {
  if (error instanceof NonRetryableError) throw error;
  throw new NonRetryableError(`the zip file cannot be read: ${messageOf(error)}`, {
    code: "ARCHIVE_REFUSED",
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : "unknown error";
}
