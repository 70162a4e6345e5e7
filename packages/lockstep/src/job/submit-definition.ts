import { LockstepError } from "../errors.js";
import type { AnyJobDefinition } from "./definition.js";
import type { SubmitFields } from "./submit-fields.js";
import { zodIssues } from "./zod-faults.js";

/**
 * Checks the input of a job. It is recorded as it was given, for it is checked again before the run.
 * @throws LockstepError INVALID_INPUT with the faults
 */
export async function assertInput(definition: AnyJobDefinition, input: unknown): Promise<void> {
  // What JSON cannot hold is recorded as null, and it is null that the worker will be given.
  const parsed = await definition.input.safeParseAsync(input === undefined ? null : input);
  if (parsed.success) return;
  throw new LockstepError("INVALID_INPUT", `the input of ${definition.kind} is not valid`, {
    issues: zodIssues(parsed.error),
  });
}

/** What a kind says of its jobs where their submit says nothing. */
export function kindFields(definition: AnyJobDefinition | null): SubmitFields {
  if (definition === null) return {};
  const { queue, retry, timeoutMs } = definition;
  return {
    queue,
    max_attempts: retry.maxAttempts,
    ...(timeoutMs === null ? {} : { timeout_ms: timeoutMs }),
  };
}
