/**
 * Where archive files are stored. Files are named by their content, so an existing name already has
 * exactly that content, and writing it again changes nothing.
 */
export interface ArchiveSink {
  /** The place, for people: a machine and a folder, or a bucket. */
  readonly store: string;
  /** Stores a file. When it returns, the file survives a crash of the machine. */
  write(name: string, content: Uint8Array): Promise<void>;
  /**
   * Reads a part of a file.
   * @returns null when there is no such file, or the file ends before that part
   */
  read(name: string, offset: number, bytes: number): Promise<Uint8Array | null>;
}

/**
 * The folder is the UTC day on which the file's jobs finished. The name is the first job's id and
 * the beginning of the SHA-256.
 */
export const FILE_NAME = /^\d{4}-\d\d-\d\d\/[0-9a-f-]{36}-[0-9a-f]{16}\.ndjson\.gz$/;
