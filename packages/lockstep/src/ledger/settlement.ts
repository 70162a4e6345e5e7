import type { AttemptError, AttemptOutcome } from "../job/index.js";
import { jsonArray } from "./json-array.js";
import type { Settlement } from "./worker-ledger.js";

const RETRY_MS_MAX = 365 * 86_400_000;
const UNKNOWN_ERROR: AttemptError = {
  name: "Error",
  message: "The attempt ended without an outcome.",
  code: null,
  stack: null,
};

/**
 * The first five parameters of `turn.sql`: the jobs, attempts, workers, claim tokens and outputs of
 * completed attempts, as texts of arrays. Outputs are already JSON text and are not parsed again.
 */
export function completedParameters(settlements: readonly Settlement[]): readonly string[] {
  const outputs = settlements.map(({ outcome }) => (outcome.type === "completed" ? outcome.output : "null"));
  return [
    `{${settlements.map(({ job_id }) => job_id).join(",")}}`,
    `{${settlements.map(({ attempt }) => attempt).join(",")}}`,
    `{${settlements.map(({ worker_id }) => worker_id).join(",")}}`,
    `{${settlements.map(({ claim_token }) => claim_token ?? "null").join(",")}}`,
    jsonArray(outputs),
  ];
}

/** The sixth parameter of `turn.sql`: the attempts that did not complete. */
export function othersParameter(settlements: readonly Settlement[]): string {
  return JSON.stringify(
    settlements.map(({ job_id, attempt, worker_id, claim_token = null, outcome }) => ({
      i: job_id,
      a: attempt,
      w: worker_id,
      k: claim_token,
      t: outcome.type,
      ...ending(outcome),
    })),
  );
}

function ending(outcome: AttemptOutcome): object {
  if (outcome.type === "failed")
    return { e: errorOf(outcome.error), r: clampRetry(outcome.retry_in_ms), y: outcome.reason };
  if (outcome.type === "cancelled")
    return { e: errorOf(outcome.error ?? UNKNOWN_ERROR), r: null, y: "error" };
  return {};
}

function errorOf({ name, message, code, stack }: AttemptError): AttemptError {
  return { name, message, code, stack };
}

function clampRetry(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(Math.min(RETRY_MS_MAX, Math.max(0, milliseconds)));
}

/** The same attempt without its outcome: enough to ask what happened to the settlement. */
export function attemptParameter(settlements: readonly Settlement[]): string {
  return JSON.stringify(
    settlements.map(({ job_id, attempt, worker_id, claim_token = null, outcome }) => ({
      i: job_id,
      a: attempt,
      w: worker_id,
      k: claim_token,
      t: outcome.type,
    })),
  );
}

/** The rows of `keep_late_results.sql`: the complete results of handlers. */
export function lateParameter(settlements: readonly Settlement[]): string {
  const rows = settlements.map(({ job_id, attempt, worker_id, outcome }) => {
    const text =
      outcome.type === "completed"
        ? `{"type":"completed","output":${outcome.output}}`
        : JSON.stringify(outcome);
    return `{"i":"${job_id}","a":${attempt},"w":"${worker_id}","x":${text}}`;
  });
  return `[${rows.join(",")}]`;
}

/**
 * Whether a fenced outcome is a handler's own result and is kept; a release or a cancellation is
 * not.
 */
export function isKept(outcome: AttemptOutcome): boolean {
  return outcome.type === "completed" || outcome.type === "failed";
}
