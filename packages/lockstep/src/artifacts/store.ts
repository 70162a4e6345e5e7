import type { Readable } from "node:stream";

/** An uploaded input file. Its id is the SHA-256 of its bytes, so equal files are kept once. */
export interface FileInfo {
  /** SHA-256 of the content: 64 lower-case hexadecimal digits. */
  readonly id: string;
  /** What the latest upload called it. For people only: it is never used as a path. */
  readonly name: string;
  readonly bytes: number;
  /** Found from the content, never taken from the client. */
  readonly media_type: string;
  /** RFC 3339: when it was uploaded last. */
  readonly created_at: string;
}

/** A file that a job left behind. */
export interface ArtifactInfo {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly media_type: string;
  /** RFC 3339. */
  readonly created_at: string;
}

/** One attempt of one job. Attempts never share a folder, so an old attempt cannot overwrite a newer one's files. */
export interface ArtifactOwner {
  readonly job_id: string;
  /** 1 or more. */
  readonly attempt: number;
}

export interface NewArtifact extends ArtifactOwner {
  readonly name: string;
  readonly content: string | Uint8Array | Readable;
  /** Default: found from the content. */
  readonly media_type?: string;
}

/**
 * Uploaded files and the files jobs leave behind. Every name and id is checked against one grammar before it
 * comes near a path.
 */
export interface ArtifactStore {
  /**
   * Keeps an uploaded file, all of it or nothing.
   * @throws INVALID_INPUT for a bad name, BODY_TOO_LARGE, or the stream's own error
   */
  putFile(content: Readable, options: { readonly name: string }): Promise<FileInfo>;
  /** @returns null when there is no such file, or the id is none */
  fileInfo(id: string): Promise<FileInfo | null>;
  /** The caller must read the stream to its end or destroy it. @throws FILE_NOT_FOUND */
  openFile(
    id: string,
    /** The first and the last byte, counted from 0. Default: all of it. */
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly info: FileInfo; readonly stream: Readable }>;
  /** Where the file lies on disk, to be read only. @throws FILE_NOT_FOUND */
  filePath(id: string): Promise<string>;
  /** A name written twice by one attempt holds the newer content. @throws INVALID_INPUT, BODY_TOO_LARGE */
  writeArtifact(artifact: NewArtifact): Promise<ArtifactInfo>;
  /** Sorted by name; empty when there are none. @throws INVALID_INPUT for what is no job id or attempt */
  listArtifacts(jobId: string, attempt: number): Promise<readonly ArtifactInfo[]>;
  /** The caller must read the stream to its end or destroy it. @throws ARTIFACT_NOT_FOUND */
  openArtifact(
    jobId: string,
    attempt: number,
    name: string,
    /** The first and the last byte, counted from 0. Default: all of it. */
    range?: { readonly start: number; readonly end: number },
  ): Promise<{ readonly info: ArtifactInfo; readonly stream: Readable }>;
  /**
   * What was made of some content before and can be made anew: it may go at any time.
   * @param key a SHA-256 of all that it follows from
   */
  readDerived(key: string): Promise<Buffer | null>;
  writeDerived(key: string, content: string): Promise<void>;
  removeDerived(before: Date): Promise<void>;
  /** The ids of uploaded files that were last uploaded before a time, or not long after: `removeFile` knows exactly. */
  filesBefore(before: Date): AsyncIterable<string>;
  /** Removes an uploaded file, unless it was uploaded again since. @returns whether it did */
  removeFile(id: string, before: Date): Promise<boolean>;
  /** The ids of the jobs that left files, in no order. */
  jobIds(): AsyncIterable<string>;
  /** Removes the artifacts of all attempts. Does nothing when there are none. */
  removeJob(jobId: string): Promise<void>;
}
