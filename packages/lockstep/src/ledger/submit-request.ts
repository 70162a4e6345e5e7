import type { SubmitFields } from "../job/index.js";

/** What a caller asks for. Everything but `kind` and `input` has a default. */
export interface SubmitRequest extends SubmitFields {
  readonly kind: string;
  /** Anything JSON can hold, at most 1 MiB and 100 levels deep. */
  readonly input: unknown;
}
