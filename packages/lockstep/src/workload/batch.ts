import type { Json } from "../job/index.js";

/** How the jobs of a batch are created, and how their results are ranked. */
export interface WorkloadBatch {
  /** null: the kind does not accept a file of many inputs. */
  readonly library: BatchLibrary | null;
  /** null: results stay in the order in which their jobs ended. */
  readonly ranking: BatchRanking | null;
}

/** A library's data for one job. */
export interface LibraryEntry {
  /** The line of the file where it begins, counted from 1. */
  readonly line: number;
  /** Members of the job's input; the others are the same for all jobs of the batch. */
  readonly input: Readonly<Record<string, Json>>;
}

/**
 * A library split into entries. A part that is not a valid entry is reported as an issue with its
 * line; nothing is dropped silently.
 */
export interface LibraryLines {
  readonly entries: readonly LibraryEntry[];
  readonly issues: readonly { readonly line: number; readonly detail: string }[];
}

/** A file with the inputs of many jobs. */
export interface BatchLibrary {
  /** The accepted formats, for people, such as `CSV with a column name`. */
  readonly formats: string;
  split(content: Uint8Array, fileId: string): Promise<LibraryLines> | LibraryLines;
}

/**
 * How the results of a batch are ranked and shown. Any worker may have produced an output, so it
 * can be anything.
 */
export interface BatchRanking {
  /** Smaller is better. null: no score; such results come after all with a score. */
  score(output: Json): number | null;
  readonly columns: readonly string[];
  /** A cell for each column. The output is null when the job did not complete. */
  row(input: Json, output: Json): readonly (string | number | null)[];
  /**
   * Formats in which all results are available as one file, each built from one artifact of every
   * job.
   */
  readonly files: Readonly<Record<string, RankedFile>>;
}

export interface RankedFile {
  /** The file's content, for people, such as `the first page of each letter`. */
  readonly holds: string;
  readonly artifact: string;
  readonly mediaType: string;
  /** The artifact's text in the form it has in the whole file. */
  part(text: string, place: { readonly rank: number; readonly jobId: string }): string;
}
