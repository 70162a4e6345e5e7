import type { ComponentType } from "react";
import type { KnownJob } from "../live/version-store.js";
import type { Draft } from "../submit/schema.js";

/** What the page shows of a kind besides what it shows of every kind: the default export of `kinds/<kind>/index.tsx`. */
export interface KindPage {
  /** A view of a completed job's output, loaded when it is shown. */
  readonly Result?: ComponentType<{ job: KnownJob }>;
  readonly form?: KindForm;
  /** Names of members and columns that are not their words with spaces, such as `URL` for `url`. */
  readonly names?: Readonly<Record<string, string>>;
  /** Keys that its view listens for, and what each does, for the help. */
  readonly keys?: readonly (readonly [keys: string, what: string])[];
  /** Formats in which the results of a batch come besides CSV, and what each is called. */
  readonly batchFiles?: readonly (readonly [format: string, label: string])[];
  /** How to begin, where there are no jobs yet. */
  readonly firstJob?: {
    readonly label: string;
    readonly command: string;
    readonly input: Readonly<Record<string, unknown>>;
  };
  /** How to begin, where there are no batches yet. */
  readonly firstBatch?: {
    /** What a batch may be, as a part of a sentence. */
    readonly such: string;
    readonly label: string;
    readonly command: string;
  };
}

/** What a schema cannot say about a form. Without it a form is its schema, from top to bottom. */
export interface KindForm {
  readonly alternatives?: Alternatives;
  /** Members that name an uploaded file. */
  readonly files?: readonly string[];
  /** Members that few need: they are folded away. */
  readonly rare?: readonly string[];
  /** What is shown beside a member, by the member's pointer. */
  readonly extras?: Readonly<Record<string, ComponentType<ExtraProps>>>;
  /** The draft after another file was given for a member. Default: as it was. */
  fileGiven?(draft: Draft, pointer: string): Draft;
}

/** For an input that is one of several things: what the reader chooses between, and what belongs to each. */
export interface Alternatives {
  readonly label: string;
  readonly options: readonly {
    readonly name: string;
    readonly label: string;
    /** Members that are asked for only when this is chosen. */
    readonly fields: readonly string[];
  }[];
  /** The option that stands for a file of many: it makes a batch. */
  readonly library?: {
    readonly name: string;
    /** What the file may be. */
    readonly hint: string;
  };
}

export interface ExtraProps {
  readonly draft: Draft;
  /** The option that was chosen among the alternatives. */
  readonly chosen: string;
  /** The files that were chosen in this form, by the pointers of their members. */
  readonly given: Readonly<Record<string, File>>;
  onChange(draft: Draft): void;
}
