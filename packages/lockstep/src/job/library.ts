import type { Json } from "./json.js";

/** What a library says for one job. */
export interface LibraryEntry {
  /** Where in the file it begins, counted from 1. */
  readonly line: number;
  /** Members of the job's input; the others are the same for all jobs of the batch. */
  readonly input: Readonly<Record<string, Json>>;
}

/** A file that holds the inputs of many jobs. */
export interface JobLibrary {
  /** What the file may be, for people, such as `CSV or SDF`. */
  readonly formats: string;
  /** Takes a file apart. What is no entry is a fault, with the line it is at; nothing is left out in silence. */
  split(
    content: Uint8Array,
    fileId: string,
  ): {
    readonly entries: readonly LibraryEntry[];
    readonly faults: readonly { readonly line: number; readonly detail: string }[];
  };
}

/** How the results of a batch are put in order, and shown. Any worker may have made an output, so it can be anything. */
export interface JobRanking {
  /** Smaller is better. null: it has none, and comes after all that have one. */
  score(output: Json): number | null;
  readonly columns: readonly string[];
  /** A cell for each column. The output is null when the job did not complete. */
  row(input: Json, output: Json): readonly (string | number | null)[];
  /** Formats in which all results can be had as one file, each made of one artifact of every job. */
  readonly files: Readonly<Record<string, RankedFile>>;
}

export interface RankedFile {
  readonly artifact: string;
  readonly mediaType: string;
  /** The artifact's text as it stands in the whole file. */
  part(text: string, place: { readonly rank: number; readonly jobId: string }): string;
}
