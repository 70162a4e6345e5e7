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
  return ({ settlement, spooled }: Unsettled, { result }: SettleReceipt): void => {
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
