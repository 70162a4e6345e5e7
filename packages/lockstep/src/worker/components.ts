import { hostname } from "node:os";
import { join } from "node:path";
import type { SettleReceipt } from "../ledger/index.js";
import { type ClaimPlan, createClaimPlan } from "./claim-plan.js";
import { Membership } from "./membership.js";
import type { CheckedWorkerOptions } from "./options.js";
import { LISTED_QUEUES_MAX } from "./queue-watch.js";
import { Reporter } from "./reporter.js";
import { RunningAttempts } from "./running-attempts.js";
import { Spool } from "./spool.js";
import { SpoolGuard } from "./spool-guard.js";
import { TurnLoops } from "./turn-loops.js";
import { isResult, keepUnrecorded } from "./unrecorded.js";
import { type Unsettled, UnsettledOutcomes } from "./unsettled-outcomes.js";
import { keepUnstorable } from "./unstorable.js";

/** The components of one worker, connected but not started. */
export interface WorkerComponents {
  readonly plan: ClaimPlan;
  readonly unsettledOutcomes: UnsettledOutcomes;
  readonly spool: Spool;
  readonly guard: SpoolGuard;
  readonly reporter: Reporter;
  readonly running: RunningAttempts;
  readonly membership: Membership;
  readonly turnLoops: TurnLoops;
}

/** @param isDraining whether the worker is stopping; then it claims nothing */
export function assemble(
  workerId: string,
  options: CheckedWorkerOptions,
  isDraining: () => boolean,
): WorkerComponents {
  const {
    ledger,
    definitions,
    concurrency,
    dataDir,
    logger,
    openSpoolFile,
    artifacts = null,
    graceSeconds,
  } = options;
  const onChange = () => turnLoops.wake();
  const kinds = definitions.map((definition) => definition.kind);
  const plan = createClaimPlan(options.queues.length > LISTED_QUEUES_MAX ? [] : options.queues);
  const unsettledOutcomes = new UnsettledOutcomes();
  const spool = new Spool({
    folder: spoolFolder(dataDir),
    workerId,
    ...(openSpoolFile && { openFile: openSpoolFile }),
  });
  const guard = new SpoolGuard({
    spool,
    unsettledOutcomes,
    logger,
    turnsFail: () => turnLoops.isFailing,
    onRecovered: onChange,
  });
  const reporter = new Reporter({ ledger, workerId, logger, onRefused: (attempt) => running.taken(attempt) });
  const graceMs = graceSeconds * 1_000;
  const running = new RunningAttempts({
    workerId,
    ledger,
    definitions,
    reporter,
    unsettledOutcomes,
    artifacts,
    dataDir,
    graceMs,
    logger,
    onChange,
  });
  const membership = new Membership({
    ...options,
    registration: registration(workerId, options),
    running,
    onRegained: onChange,
  });
  const mayRun = () => !isDraining() && membership.isTrusted;
  const mayClaim = () => mayRun() && !guard.isDegraded;
  const acknowledged = acknowledge(spool, options);
  const turnLoops = new TurnLoops({
    ledger,
    workerId,
    kinds,
    concurrency,
    plan,
    unsettledOutcomes,
    running,
    logger,
    mayRun,
    mayClaim,
    acknowledged,
  });
  return { plan, unsettledOutcomes, spool, guard, reporter, running, membership, turnLoops };
}

export function spoolFolder(dataDir: string): string {
  return join(dataDir, "spool");
}

function registration(
  id: string,
  { definitions, concurrency, queues, name, heartbeat }: CheckedWorkerOptions,
) {
  const kinds = definitions.map((definition) => definition.kind);
  return {
    id,
    name,
    host: hostname(),
    pid: process.pid,
    queues,
    kinds,
    concurrency,
    embedded: heartbeat.mode === "inline",
  };
}

/** Does what remains for an outcome after the ledger has answered. */
function acknowledge(spool: Spool, { dataDir, logger }: CheckedWorkerOptions) {
  const keep = async ({ settlement, spooled }: Unsettled, { result, status }: SettleReceipt) => {
    const { job_id, attempt, worker_id } = settlement;
    const facts = { job_id, attempt, worker_id, result, status };
    try {
      const file = await keepUnrecorded(dataDir, settlement);
      logger.error(
        { ...facts, file },
        "the ledger has no record of this attempt (it was restored from an older backup, or a failover lost the claim): its outcome is kept in a file",
      );
      if (spooled) spool.settled();
    } catch (err) {
      logger.error({ ...facts, err }, "an outcome that the ledger has no record of cannot be kept in a file");
    }
  };
  return (unsettled: Unsettled, receipt: SettleReceipt): void => {
    const { settlement, spooled } = unsettled;
    const { result } = receipt;
    // A result of an attempt that the ledger did grant is accepted, or kept with the job.
    if (result === "fenced" && isResult(settlement)) return void keep(unsettled, receipt);
    if (spooled) spool.settled();
    if (result === "accepted" || result === "already") return;
    const { job_id, attempt, worker_id, outcome } = settlement;
    const facts = { job_id, attempt, worker_id, result };
    if (result !== "unstorable") {
      logger.info(facts, "the attempt was no longer this worker's when its outcome arrived");
      return;
    }
    logger.error(
      facts,
      "PostgreSQL refused an output: the job has failed, the output is kept in the data directory",
    );
    if (outcome.type === "completed") void keepUnstorable(dataDir, settlement, outcome.output, "");
  };
}
