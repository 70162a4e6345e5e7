import type { Issue } from "lockstep/internal/errors";
import { LockstepError } from "lockstep/internal/errors";
import {
  type AttemptOutcome,
  backoffMs,
  canonicalJson,
  isUnstorable,
  OUTPUT_BYTES_MAX,
  unstorableOutcome,
} from "lockstep/internal/job";
import type { SettleReceipt } from "lockstep/internal/ledger";
import type { ServerContext } from "../server-context.js";
import type { Receipt, SettlementRequest } from "../wire/worker.js";

const OUTPUT_ISSUE = /^\/settlements\/(\d+)\/outcome\/output(?:\/|$)/;

const WHY: Readonly<Record<SettleReceipt["result"], string>> = {
  accepted: "The outcome is committed.",
  already: "This attempt was settled before; nothing changed.",
  late: "The attempt no longer belonged to this worker. Its outcome is kept beside the job.",
  fenced: "The attempt does not belong to this worker; nothing changed.",
  unstorable: "The result cannot be stored, so the job was failed with RESULT_UNSTORABLE.",
};

/**
 * Commits the outcomes of attempts, and returns the result of each. A result that cannot be stored
 * fails only its own job; any other issue in the body rejects the whole request.
 * @param jsonIssues issues found by the scan of the body
 * @throws INVALID_REQUEST
 */
export async function settle(
  { ledger, kinds }: ServerContext,
  workerId: string,
  settlements: readonly SettlementRequest[],
  jsonIssues: readonly Issue[],
): Promise<readonly Receipt[]> {
  const outputIssues = issuesByIndex(jsonIssues);
  const outcomes = await Promise.all(
    settlements.map(async (asked, index): Promise<AttemptOutcome> => {
      if (asked.outcome.type === "completed") return completed(asked.outcome.output, outputIssues.get(index));
      if (asked.outcome.type !== "failed") return asked.outcome;
      const retry_in_ms = asked.outcome.retry ? await backoff(asked.job_id) : null;
      return { type: "failed", error: asked.outcome.error, retry_in_ms, reason: "error" };
    }),
  );
  async function backoff(jobId: string): Promise<number> {
    const job = await ledger.get(jobId);
    return job ? backoffMs(await kinds.retryPolicy(job.kind), job.failures + 1, Math.random()) : 0;
  }
  const { receipts } = await ledger.turn(
    settlements.map(({ job_id, attempt, claim_token }, index) => ({
      job_id,
      attempt,
      worker_id: workerId,
      ...(claim_token === undefined ? {} : { claim_token }),
      outcome: outcomes[index] ?? { type: "released" },
    })),
    null,
  );
  const byAttempt = new Map(receipts.map((receipt) => [`${receipt.job_id} ${receipt.attempt}`, receipt]));
  const versions = await versionsOf(ledger, receipts);
  const answered = new Set<string>();
  return settlements.map(({ job_id, attempt }, index) => {
    const key = `${job_id} ${attempt}`;
    const receipt = byAttempt.get(key);
    const result = resultOf(receipt, outcomes[index], answered.has(key));
    answered.add(key);
    return {
      job_id,
      attempt,
      result,
      why: WHY[result],
      status: receipt?.status ?? null,
      version: receipt?.version ?? versions.get(job_id) ?? null,
    };
  });
}

/** The versions of jobs that were plainly completed: a turn does not return them. */
async function versionsOf(
  ledger: ServerContext["ledger"],
  receipts: readonly SettleReceipt[],
): Promise<Map<string, number>> {
  const asked = receipts.filter(({ version, status }) => version === null && status !== null);
  const found = await Promise.all(asked.map(({ job_id }) => ledger.status(job_id)));
  return new Map(found.flatMap((job) => (job ? [[job.id, job.version] as const] : [])));
}

/**
 * @param again whether the request named the attempt before: only its first outcome was committed
 */
function resultOf(
  receipt: SettleReceipt | undefined,
  outcome: AttemptOutcome | undefined,
  again: boolean,
): SettleReceipt["result"] {
  if (receipt?.result !== "accepted") return receipt?.result ?? "fenced";
  if (again) return "already";
  return isUnstorable(outcome) ? "unstorable" : "accepted";
}

/**
 * The issues in each result, by the index of its settlement.
 * @throws INVALID_REQUEST for any other issue
 */
function issuesByIndex(issues: readonly Issue[]): Map<number, Issue> {
  const elsewhere = issues.filter((issue) => !OUTPUT_ISSUE.test(issue.pointer));
  if (elsewhere.length > 0)
    throw new LockstepError("INVALID_REQUEST", "The body is not acceptable JSON.", { issues: elsewhere });
  return new Map(issues.map((issue) => [Number(OUTPUT_ISSUE.exec(issue.pointer)?.[1]), issue]));
}

function completed(output: unknown, issue: Issue | undefined): AttemptOutcome {
  const canonical = canonicalJson(output, OUTPUT_BYTES_MAX);
  if (issue) return unstorableOutcome(`the result ${issue.detail} at ${issue.pointer}`);
  if (!canonical.ok)
    return unstorableOutcome(
      `the result ${canonical.issue.message} at ${canonical.issue.pointer || "its root"}`,
    );
  return { type: "completed", output: canonical.text };
}
