import { LockstepError } from "../errors.js";
import { safeText } from "../job/index.js";

/** What a handler did against the rules for handlers. */
const FAULTS = {
  committed_twice: "ctx.commit was called a second time; it runs once in an attempt",
  commit_not_awaited: "The handler did not await ctx.commit, which failed",
  uncaught: "Code of the handler that nobody awaited threw an exception, which ends the process",
} as const;

/** @param cause what was thrown, whatever it is */
export function handlerFault(fault: keyof typeof FAULTS, cause?: unknown): LockstepError {
  if (cause === undefined) return new LockstepError("HANDLER_FAULT", `${FAULTS[fault]}.`);
  return new LockstepError("HANDLER_FAULT", `${FAULTS[fault]}: ${safeText(cause)}`, { cause });
}
