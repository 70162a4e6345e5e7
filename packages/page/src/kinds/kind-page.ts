import type { ComponentType } from "react";
import type { KnownJob } from "../live/version-store.js";
import type { Draft } from "../submit/schema.js";

/** The page's extra views for a kind: the default export of `kinds/<kind>/index.tsx`. */
export interface KindPage {
  /** A view of a completed job's output, loaded when it is shown. */
  readonly Result?: ComponentType<{ job: KnownJob }>;
  readonly form?: KindForm;
  /**
   * Labels of members and columns that differ from the words of their names, such as `URL` for
   * `url`.
   */
  readonly names?: Readonly<Record<string, string>>;
  /** Keys that its view handles, and what each does, for the help. */
  readonly keys?: readonly (readonly [keys: string, action: string])[];
  /** Additional download formats of a batch's results besides CSV, with their labels. */
  readonly batchFiles?: readonly (readonly [format: string, label: string])[];
  /** A first step, shown when there are no jobs yet. */
  readonly firstJob?: {
    readonly label: string;
    readonly command: string;
    readonly input: Readonly<Record<string, unknown>>;
  };
  /** A first step, shown when there are no batches yet. */
  readonly firstBatch?: {
    /** An example of a batch, as a part of a sentence. */
    readonly such: string;
    readonly label: string;
    readonly command: string;
  };
}

/**
 * What a schema cannot express about a form. Without it the form follows the schema from top to
 * bottom.
 */
export interface KindForm {
  readonly alternatives?: Alternatives;
  /** Members that name an uploaded file. */
  readonly files?: readonly string[];
  /** Members that few users need: they are collapsed. */
  readonly rare?: readonly string[];
  /** Extra components beside a member, by the member's pointer. */
  readonly extras?: Readonly<Record<string, ComponentType<ExtraProps>>>;
  /** The draft after a new file was chosen for a member. Default: unchanged. */
  fileGiven?(draft: Draft, pointer: string): Draft;
}

/** For an input that is one of several alternatives: the options, and the members of each. */
export interface Alternatives {
  readonly label: string;
  readonly options: readonly {
    readonly name: string;
    readonly label: string;
    /** Members that are shown only when this option is chosen. */
    readonly fields: readonly string[];
  }[];
  /** The option for a file with many entries, which makes a batch. */
  readonly library?: {
    readonly name: string;
    /** The accepted file formats. */
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
