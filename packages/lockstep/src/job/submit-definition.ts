import { LockstepError } from "../errors.js";
import type { AnyJobDefinition } from "./definition.js";
import type { KindDefaults } from "./submit-fields.js";
import { zodIssues } from "./zod-faults.js";

/**
 * Validates the input of a job. The input is recorded as the caller gave it, because it is
 * validated again before the run.
 * @throws LockstepError INVALID_INPUT with the faults
 */
export async function assertInput(definition: AnyJobDefinition, input: unknown): Promise<void> {
  // A value that JSON cannot represent is recorded as null, so the worker receives null.
  const parsed = await definition.input.safeParseAsync(input === undefined ? null : input);
  if (parsed.success) return;
  throw new LockstepError("INVALID_INPUT", `the input of ${definition.kind} is not valid`, {
    issues: zodIssues(parsed.error),
  });
}

/** The defaults that a kind has for fields that a submit leaves out. */
export function kindFields({
  queue,
  retry,
  timeoutMs,
  priority,
  limitKey,
}: Pick<AnyJobDefinition, "queue" | "retry" | "timeoutMs" | "priority" | "limitKey">): KindDefaults {
  return {
    queue,
    priority,
    max_attempts: retry.maxAttempts,
    ...(timeoutMs === null ? {} : { timeout_ms: timeoutMs }),
    ...(limitKey === null ? {} : { limit_key: limitKey }),
  };
}
