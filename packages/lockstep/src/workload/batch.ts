import type { Json } from "../job/index.js";

/** What the jobs of a batch are made from, and how their results are put in order. */
export interface WorkloadBatch {
  /** null: the kind takes no file of many inputs. */
  readonly library: BatchLibrary | null;
  /** null: results stay in the order in which their jobs ended. */
  readonly ranking: BatchRanking | null;
}

/** What a library says for one job. */
export interface LibraryEntry {
  /** Where in the file it begins, counted from 1. */
  readonly line: number;
  /** Members of the job's input; the others are the same for all jobs of the batch. */
  readonly input: Readonly<Record<string, Json>>;
}

/** A library taken apart. What is not an entry is a fault, with its line: nothing is left out in silence. */
export interface LibraryLines {
  readonly entries: readonly LibraryEntry[];
  readonly issues: readonly { readonly line: number; readonly detail: string }[];
}

/** A file that holds the inputs of many jobs. */
export interface BatchLibrary {
  /** What the file may be, for people, such as `CSV with a column name`. */
  readonly formats: string;
  split(content: Uint8Array, fileId: string): Promise<LibraryLines> | LibraryLines;
}

/** How the results of a batch are put in order, and shown. Any worker may have made an output, so it can be anything. */
export interface BatchRanking {
  /** Smaller is better. null: it has none, and comes after all that have one. */
  score(output: Json): number | null;
  readonly columns: readonly string[];
  /** A cell for each column. The output is null when the job did not complete. */
  row(input: Json, output: Json): readonly (string | number | null)[];
  /** Formats in which all results can be had as one file, each made of one artifact of every job. */
  readonly files: Readonly<Record<string, RankedFile>>;
}

export interface RankedFile {
  /** What the file holds, for people, such as `the first page of each letter`. */
  readonly holds: string;
  readonly artifact: string;
  readonly mediaType: string;
  /** The artifact's text as it stands in the whole file. */
  part(text: string, place: { readonly rank: number; readonly jobId: string }): string;
}
