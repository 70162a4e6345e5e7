import { isId } from "lockstep/internal/job";
import { UsageError } from "./usage-error.js";

/** Parses an argument as a job id. @throws UsageError when it is not one */
export function jobId(text: string | undefined): string {
  if (text === undefined || !isId(text))
    throw new UsageError(
      `not a job id: ${JSON.stringify(text)} (an id looks like 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e)`,
    );
  return text;
}
