import type { AttemptError, AttemptOutcome } from "../job/index.js";
import type { Settlement } from "./worker-ledger.js";

const RETRY_MS_MAX = 365 * 86_400_000;
const UNKNOWN_ERROR: AttemptError = {
  name: "Error",
  message: "The attempt ended without an outcome.",
  code: null,
  stack: null,
};

/**
 * The rows of `turn.sql`'s first parameter. Outputs are already canonical JSON text and are not
 * parsed again.
 */
export function settlementParameter(settlements: readonly Settlement[]): string {
  return `[${settlements.map(settlementRow).join(",")}]`;
}

function settlementRow({ job_id, attempt, worker_id, outcome }: Settlement): string {
  const key = `{"i":"${job_id}","a":${attempt},"w":"${worker_id}","t":"${outcome.type}"`;
  switch (outcome.type) {
    case "completed":
      return `${key},"o":${outcome.output}}`;
    case "released":
      return `${key}}`;
    case "failed":
      return `${key},"e":${errorText(outcome.error)},"r":${clampRetry(outcome.retry_in_ms)},"y":"${outcome.reason}"}`;
    case "cancelled":
      return `${key},"e":${errorText(outcome.error ?? UNKNOWN_ERROR)},"r":null,"y":"error"}`;
  }
}

function errorText({ name, message, code, stack }: AttemptError): string {
  return JSON.stringify({ name, message, code, stack });
}

function clampRetry(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(Math.min(RETRY_MS_MAX, Math.max(0, milliseconds)));
}

/** The same attempt without its outcome: enough to ask what happened to the settlement. */
export function attemptParameter(settlements: readonly Settlement[]): string {
  return JSON.stringify(
    settlements.map(({ job_id, attempt, worker_id, outcome }) => ({
      i: job_id,
      a: attempt,
      w: worker_id,
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
