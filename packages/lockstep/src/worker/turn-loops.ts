import type { Logger } from "pino";
import { crashPoint } from "../crash-point.js";
import { DatabaseUnavailableError } from "../errors.js";
import { backoffMs } from "../job/index.js";
import type { SettleReceipt, WorkerLedger } from "../ledger/index.js";
import { createWakeUp } from "../timing/index.js";
import type { ClaimPlan } from "./claim-plan.js";
import { type Claim, noteFound, planClaim, type Turn, takeTurn } from "./claim-turn.js";
import { RunAlone } from "./run-alone.js";
import type { RunningAttempts } from "./running-attempts.js";
import { findUnacknowledgedClaims } from "./unacknowledged-claims.js";
import type { Unsettled, UnsettledOutcomes } from "./unsettled-outcomes.js";

const CONCURRENT_TURNS = 2;
const WAIT_MS_MAX = 1_000;
const OUTAGE_BACKOFF = { maxAttempts: 0, baseDelayMs: 100, maxDelayMs: 5_000 };
const OUTAGE_MS_MIN = 100;
/**
 * A turn whose answer was lost may still commit, until the server's own statement timeout ends it.
 */
const AUDIT_MS_AFTER_FAILURE = 20_000;
const AUDIT_MS = 60_000;
const BACKLOG_MIN = 20;
const BACKLOG_BYTES_MAX = 67_108_864;

export interface TurnLoopsOptions {
  readonly ledger: Pick<WorkerLedger, "turn" | "claimQueues" | "heldBy">;
  readonly workerId: string;
  readonly kinds: readonly string[];
  readonly concurrency: number;
  readonly plan: ClaimPlan;
  readonly unsettledOutcomes: UnsettledOutcomes;
  readonly running: RunningAttempts;
  readonly logger: Logger;
  /** Whether a job may be claimed now. */
  mayClaim(): boolean;
  /** Whether a job that was just claimed may run. If not, it is released immediately. */
  mayRun(): boolean;
  acknowledged(unsettled: Unsettled, receipt: SettleReceipt): void;
}

type Step =
  | { readonly do: "turn"; readonly batch: Unsettled[]; readonly claim: Claim | null }
  | { readonly do: "audit" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "end" };

/**
 * Two turn loops. A turn settles finished attempts and claims into the free slots, in one
 * statement. While one loop waits for its commit, handlers run; outcomes that arrive meanwhile go
 * into the next turn.
 */
export class TurnLoops {
  readonly #options: TurnLoopsOptions;
  readonly #alone: RunAlone;
  readonly #wakeUp = createWakeUp();
  #ended: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #claimsInFlight = 0;
  /** Slots reserved for claims in progress. */
  #reserved = 0;
  /** Turns that failed in a row. */
  #failures = 0;
  #blockedUntil = 0;
  /**
   * After a failure the first turn claims nothing, because either a claim or an outcome may have
   * caused the failure.
   */
  #settleFirst = false;
  /**
   * The last failed turn had a claim, and the database was reachable: only a claim can show that
   * claims work again.
   */
  #claimRefused = false;
  #auditAt = AUDIT_MS + performance.now();
  #auditing = false;
  #ending = false;
  #abandoned = false;

  constructor(options: TurnLoopsOptions) {
    this.#options = options;
    this.#alone = new RunAlone(options);
  }

  /** Whether the last turn failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** @param onCrash receives an error in the loop itself; nothing would be settled any more */
  start(onCrash: (error: unknown) => void): void {
    const loops = Array.from({ length: CONCURRENT_TURNS }, () => this.#loop());
    this.#ended = Promise.all(loops).then(() => undefined, onCrash);
  }

  /** Ends when every outcome is settled. Nothing may be claimed any more. */
  async finish(): Promise<void> {
    this.#ending = true;
    this.wake();
    await this.#ended;
  }

  /** Ends as soon as no turn is in progress, even if outcomes are left. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    this.wake();
    await this.#ended;
  }

  wake(): void {
    this.#wakeUp.signal();
  }

  async #loop(): Promise<void> {
    for (;;) {
      // Handlers that need no I/O return within this tick, and their outcomes go into one turn.
      await new Promise((resolve) => setImmediate(resolve));
      this.#wakeUp.clear(); // This tick handles every signal so far.
      const step = this.#next(performance.now());
      if (step.do === "end") return;
      if (step.do === "wait") await this.#wakeUp.wait(step.ms);
      else if (step.do === "audit") await this.#audit();
      else await this.#turn(step.batch, step.claim);
    }
  }

  #next(nowMs: number): Step {
    if (this.#abandoned) return { do: "end" };
    this.#alone.step(nowMs, this.#claimsInFlight > 0);
    if (this.#blockedUntil > nowMs) return { do: "wait", ms: this.#blockedUntil - nowMs };
    if (this.#failures > 0 && this.#inFlight > 0) return { do: "wait", ms: WAIT_MS_MAX };
    const auditDue = nowMs >= this.#auditAt;
    if (auditDue && this.#claimsInFlight === 0 && !this.#auditing) return { do: "audit" };
    const batch = this.#options.unsettledOutcomes.take(nowMs);
    if (batch.length === 0) this.#settleFirst = false;
    const claim = auditDue || this.#settleFirst ? WAIT_MS_MAX : this.#claim(nowMs);
    if (typeof claim !== "number") return { do: "turn", batch, claim };
    if (batch.length > 0) return { do: "turn", batch, claim: null };
    const isDone = this.#ending && this.#options.unsettledOutcomes.count === 0 && !auditDue;
    return isDone ? { do: "end" } : { do: "wait", ms: claim };
  }

  /**
   * @returns the claim to make, with its slots reserved; or the milliseconds until one may be
   *   possible
   */
  #claim(nowMs: number): Claim | number {
    const { concurrency, running, unsettledOutcomes, plan, mayClaim } = this.#options;
    const free = concurrency - running.count - this.#alone.count - this.#reserved;
    const isBackedUp =
      unsettledOutcomes.count > Math.max(BACKLOG_MIN, 2 * concurrency) ||
      unsettledOutcomes.bytes > BACKLOG_BYTES_MAX;
    if (free <= 0 || isBackedUp || !this.#alone.mayClaim || !mayClaim()) return WAIT_MS_MAX;
    const scan = plan.next(nowMs);
    if ("waitMs" in scan) return scan.waitMs;
    const limit = Math.min(free, Math.ceil(concurrency / CONCURRENT_TURNS));
    this.#reserved += limit;
    return planClaim(plan, scan, nowMs, limit);
  }

  async #turn(batch: readonly Unsettled[], claim: Claim | null): Promise<void> {
    const beganMs = performance.now();
    this.#inFlight += 1;
    if (claim) this.#claimsInFlight += 1;
    const settlements = batch.map((unsettled) => unsettled.settlement);
    const answer = await takeTurn(this.#options, settlements, claim).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    this.#inFlight -= 1;
    if (claim) {
      this.#claimsInFlight -= 1;
      this.#reserved -= claim.limit;
    }
    if ("result" in answer) this.#onResult(batch, claim, answer.result, beganMs);
    else this.#onError(batch, claim, answer.error);
  }

  #onResult(batch: readonly Unsettled[], claim: Claim | null, result: Turn, beganMs: number): void {
    const { plan } = this.#options;
    const nowMs = performance.now();
    if (claim !== null || !this.#claimRefused) this.#recovered();
    this.#settleFirst = false;
    const wasSplit = this.#acknowledge(batch, result.receipts);
    if (batch.length > 0) crashPoint("settle: acknowledged, spool not emptied");
    if (result.claimed.length > 0) crashPoint("claim: answered, not started");
    if (claim && wasSplit) failScans(plan, claim);
    else if (claim) noteFound(plan, claim, result, { nowMs, costMs: nowMs - beganMs });
    for (const job of result.claimed) this.#alone.take(job, nowMs);
    this.wake();
  }

  /**
   * @returns whether the ledger split the turn because of an unstorable output, and so may have
   *   claimed nothing
   */
  #acknowledge(batch: readonly Unsettled[], receipts: readonly SettleReceipt[]): boolean {
    const { unsettledOutcomes, acknowledged } = this.#options;
    const byJob = new Map(receipts.map((receipt) => [receipt.job_id, receipt]));
    let wasSplit = false;
    for (const unsettled of batch) {
      const receipt = byJob.get(unsettled.settlement.job_id);
      if (receipt === undefined) {
        // Not acknowledged, whatever the reason: send it again.
        unsettledOutcomes.putBackRefused([unsettled], performance.now());
        continue;
      }
      wasSplit ||= receipt.result === "unstorable";
      unsettledOutcomes.settled(unsettled);
      acknowledged(unsettled, receipt);
    }
    return wasSplit;
  }

  #onError(batch: readonly Unsettled[], claim: Claim | null, error: unknown): void {
    const { unsettledOutcomes, plan, logger, workerId } = this.#options;
    const nowMs = performance.now();
    const isOutage = error instanceof DatabaseUnavailableError;
    if (isOutage) unsettledOutcomes.putBack(batch);
    else unsettledOutcomes.putBackRefused(batch, nowMs);
    this.#settleFirst = true;
    this.#claimRefused = !isOutage && claim !== null;
    if (claim) {
      failScans(plan, claim);
      this.#auditAt = nowMs;
    }
    this.#backOff(nowMs);
    const facts = { err: error, worker_id: workerId, outcomes: batch.length };
    if (this.#failures === 1) logger.error(facts, "a turn failed: outcomes are kept and sent again");
    this.wake();
  }

  #backOff(nowMs: number): void {
    this.#failures += 1;
    this.#blockedUntil = nowMs + OUTAGE_MS_MIN + backoffMs(OUTAGE_BACKOFF, this.#failures, Math.random());
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#options.logger.info({ worker_id: this.#options.workerId }, "turns succeed again");
  }

  /**
   * No claim is in progress, and none begins before this ends: `#auditAt` stays in the past until
   * then.
   */
  async #audit(): Promise<void> {
    const { workerId, running, concurrency, logger } = this.#options;
    this.#auditing = true;
    this.#inFlight += 1;
    try {
      const waiting = () => this.#alone.attempts;
      for (const job of await findUnacknowledgedClaims({ ...this.#options, waiting })) {
        const facts = { job_id: job.id, attempt: job.attempt, worker_id: workerId };
        logger.warn(facts, "found a job of an unacknowledged claim");
        const isFree = running.count + this.#alone.count < concurrency;
        if (isFree) this.#alone.take(job, performance.now());
        else running.giveBack(job);
      }
      this.#auditAt = performance.now() + (this.#failures > 0 ? AUDIT_MS_AFTER_FAILURE : AUDIT_MS);
    } catch (error) {
      this.#backOff(performance.now());
      const facts = { err: error, worker_id: workerId };
      if (this.#failures === 1) logger.error(facts, "cannot ask the ledger which jobs run here");
    }
    this.#inFlight -= 1;
    this.#auditing = false;
  }
}

function failScans(plan: ClaimPlan, { scans }: Claim): void {
  for (const scan of scans) plan.failed(scan);
}
