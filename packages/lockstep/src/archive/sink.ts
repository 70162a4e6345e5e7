/**
 * Where archive files are kept. Files are named by what they hold, so a name that is there already has that very content, and
 * writing it once more changes nothing.
 */
export interface ArchiveSink {
  /** Where it is, for people: a machine and a folder, or a bucket. */
  readonly store: string;
  /** Keeps a file. Once it returns, the file survives a crash of the machine. */
  write(name: string, content: Uint8Array): Promise<void>;
  /** Reads a part of a file. @returns null when there is no such file, or it ends before */
  read(name: string, offset: number, bytes: number): Promise<Uint8Array | null>;
}

/** The folder is the UTC day on which the file's jobs finished; after the first job's id comes the beginning of the SHA-256. */
export const FILE_NAME = /^\d{4}-\d\d-\d\d\/[0-9a-f-]{36}-[0-9a-f]{16}\.ndjson\.gz$/;
