import type { Readable } from "node:stream";

/** An uploaded input file. Its id is the SHA-256 of its bytes, so equal files are stored once. */
export interface FileInfo {
  /** SHA-256 of the content: 64 lower-case hexadecimal digits. */
  readonly id: string;
  /** Name from the latest upload. For people only: it is never used as a path. */
  readonly name: string;
  readonly bytes: number;
  /** Detected from the content, never taken from the client. */
  readonly media_type: string;
  /** RFC 3339: time of the latest upload. */
  readonly created_at: string;
}

/** A file that a job wrote. */
export interface ArtifactInfo {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly media_type: string;
  /** RFC 3339. */
  readonly created_at: string;
}

/**
 * One attempt of one job. Attempts never share a folder, so an old attempt cannot overwrite a newer
 * one's files.
 */
export interface ArtifactOwner {
  readonly job_id: string;
  /** 1 or more. */
  readonly attempt: number;
}

export interface NewArtifact extends ArtifactOwner {
  readonly name: string;
  readonly content: string | Uint8Array | Readable;
  /** Default: detected from the content. */
  readonly media_type?: string;
}

/**
 * Uploaded files and the files that jobs write. Every name and id is checked against one grammar
 * before it becomes part of a path.
 */
export interface ArtifactStore {
  /**
   * Stores an uploaded file, completely or not at all.
   * @throws INVALID_INPUT for a bad name, BODY_TOO_LARGE, or the stream's own error
   */
  putFile(content: Readable, options: { readonly name: string }): Promise<FileInfo>;
  /** @returns null when there is no such file, or the id is not valid */
  fileInfo(id: string): Promise<FileInfo | null>;
  /**
   * Opens an uploaded file. The caller must read the stream to its end or destroy it.
   * @throws FILE_NOT_FOUND
   */
  openFile(
    id: string,
    /** The first and the last byte, counted from 0. Default: the whole file. */
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly info: FileInfo; readonly stream: Readable }>;
  /**
   * Path of the file on disk, for reading only.
   * @throws FILE_NOT_FOUND
   */
  filePath(id: string): Promise<string>;
  /**
   * Stores an artifact. If one attempt writes a name twice, the newer content stays.
   * @throws INVALID_INPUT, BODY_TOO_LARGE
   */
  writeArtifact(artifact: NewArtifact): Promise<ArtifactInfo>;
  /**
   * The artifacts of an attempt, sorted by name; empty when there are none.
   * @throws INVALID_INPUT when the job id or attempt is not valid
   */
  listArtifacts(jobId: string, attempt: number): Promise<readonly ArtifactInfo[]>;
  /**
   * Opens an artifact. The caller must read the stream to its end or destroy it.
   * @throws ARTIFACT_NOT_FOUND
   */
  openArtifact(
    jobId: string,
    attempt: number,
    name: string,
    /** The first and the last byte, counted from 0. Default: the whole file. */
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly info: ArtifactInfo; readonly stream: Readable }>;
  /**
   * Reads data that was derived from some content and can be derived again. It may be removed at
   * any time.
   * @param key a SHA-256 of everything it depends on
   */
  readDerived(key: string): Promise<Buffer | null>;
  writeDerived(key: string, content: string): Promise<void>;
  removeDerived(before: Date): Promise<void>;
  /**
   * The ids of uploaded files whose latest upload was before a time, or shortly after: `removeFile`
   * checks exactly.
   */
  filesBefore(before: Date): AsyncIterable<string>;
  /**
   * Removes an uploaded file, unless it was uploaded again since.
   * @returns whether it removed the file
   */
  removeFile(id: string, before: Date): Promise<boolean>;
  /** The ids of the jobs that have artifacts, in no particular order. */
  jobIds(): AsyncIterable<string>;
  /** Removes the artifacts of all attempts. Does nothing when there are none. */
  removeJob(jobId: string): Promise<void>;
}
