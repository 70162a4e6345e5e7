import type { KindDefaults, SubmitFields } from "../job/index.js";

/** What a caller submits. Everything except `kind` and `input` has a default. */
export interface SubmitRequest extends SubmitFields {
  readonly kind: string;
  /** Any JSON value, at most 1 MiB and 100 levels deep. */
  readonly input: unknown;
  /**
   * The kind's own values for the fields that the caller left out. They are not part of the
   * request: one that is repeated with the same key may have other defaults.
   */
  readonly defaults?: KindDefaults;
}
