import type { SubmitFields } from "../job/index.js";

/** What a caller submits. Everything except `kind` and `input` has a default. */
export interface SubmitRequest extends SubmitFields {
  readonly kind: string;
  /** Any JSON value, at most 1 MiB and 100 levels deep. */
  readonly input: unknown;
}
