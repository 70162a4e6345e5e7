import { FencedError } from "lockstep/internal/errors";
import type { ClaimedJob, Ledger, SettleReceipt, TurnResult } from "lockstep/internal/ledger";
import type { Instruments } from "./instruments.js";

/**
 * Claims whose settlement may still come. Beyond this number the oldest is dropped, and its running
 * time is not reported.
 */
const CLAIMS_MAX = 100_000;

interface Claim {
  readonly kind: string;
  readonly attempt: number;
  readonly atMs: number;
}

/** Wraps a ledger so that its calls are counted. Results and errors stay unchanged. */
export function meterLedger<L extends Ledger>(ledger: L, instruments: Instruments): L {
  const { submitted, settle, batch, fenced } = instruments;
  const claims = new Claims(instruments);
  return {
    ...ledger,
    async submit(request, options) {
      const answer = await ledger.submit(request, options);
      if (answer.deduplicated === null) submitted.inc();
      return answer;
    },
    async submitMany(requests, options) {
      const answers = await ledger.submitMany(requests, options);
      submitted.inc(answers.filter((answer) => answer.deduplicated === null).length);
      return answers;
    },
    schedules: {
      ...ledger.schedules,
      async tick(plan, except) {
        const outcome = await ledger.schedules.tick(plan, except);
        if (outcome) submitted.inc(outcome.submitted);
        return outcome;
      },
    },
    async turn(settlements, claim) {
      const beganMs = performance.now();
      const result = await ledger.turn(settlements, claim);
      if (settlements.length > 0) {
        settle.observe((performance.now() - beganMs) / 1_000);
        batch.observe(settlements.length);
      }
      const refused = countTurn(result, claims);
      if (refused > 0) fenced.inc(refused);
      return result;
    },
    async claimQueues(claim) {
      const result = await ledger.claimQueues(claim);
      const nowMs = performance.now();
      for (const job of result.claimed) claims.begin(job, nowMs);
      return result;
    },
    async claimJob(workerId, jobId) {
      const job = await ledger.claimJob(workerId, jobId);
      if (job) claims.begin(job, performance.now());
      return job;
    },
    async report(workerId, writes) {
      const refused = await ledger.report(workerId, writes);
      if (refused.length > 0) fenced.inc(refused.length);
      return refused;
    },
    async commitWith(attempt, write) {
      try {
        const value = await ledger.commitWith(attempt, write);
        claims.end(attempt, performance.now());
        return value;
      } catch (error) {
        if (error instanceof FencedError) fenced.inc();
        throw error;
      }
    },
  };
}

/** @returns how many settlements were fenced */
function countTurn({ receipts, claimed }: TurnResult, claims: Claims): number {
  const nowMs = performance.now();
  let refused = 0;
  for (const receipt of receipts) {
    claims.end(receipt, nowMs);
    if (receipt.result === "fenced" || receipt.result === "late") refused += 1;
  }
  for (const job of claimed) claims.begin(job, nowMs);
  return refused;
}

/** This process's claims whose outcome it has not settled yet. */
class Claims {
  readonly #instruments: Pick<Instruments, "wait" | "run">;
  readonly #open = new Map<string, Claim>();
  readonly #startedMs = rememberLast(Date.parse);
  readonly #dueMs = rememberLast(Date.parse);

  constructor(instruments: Pick<Instruments, "wait" | "run">) {
    this.#instruments = instruments;
  }

  begin({ id, kind, attempt, run_at, started_at }: ClaimedJob, nowMs: number): void {
    const waitedMs = this.#startedMs(started_at ?? run_at) - this.#dueMs(run_at);
    this.#instruments.wait.observe(kind, Math.max(0, waitedMs) / 1_000);
    if (this.#open.size >= CLAIMS_MAX) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.#open.delete(oldest);
    }
    this.#open.set(id, { kind, attempt, atMs: nowMs });
  }

  end({ job_id, attempt }: Pick<SettleReceipt, "job_id" | "attempt">, nowMs: number): void {
    const claim = this.#open.get(job_id);
    if (claim === undefined || claim.attempt !== attempt) return;
    this.#open.delete(job_id);
    this.#instruments.run.observe(claim.kind, (nowMs - claim.atMs) / 1_000);
  }
}

/** The jobs of a claim started at one time, and those of a batch were due at one time. */
function rememberLast(parse: (text: string) => number): (text: string) => number {
  let [lastText, lastMs] = ["", Number.NaN];
  return (text) => {
    if (text !== lastText) [lastText, lastMs] = [text, parse(text)];
    return lastMs;
  };
}
