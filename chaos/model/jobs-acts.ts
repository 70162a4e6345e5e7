import type { JobsState, WorkerState } from "./jobs-model.js";
import {
  type Act,
  changed,
  givenUp,
  type Mutant,
  replaced,
  settled,
  spend,
  TERMINAL,
  withRow,
} from "./jobs-rows.js";
import { works } from "./jobs-workers.js";

/** Every possible next step. */
export function* allSteps(state: JobsState, mutant: Mutant): Iterable<Act> {
  for (const job of state.rows.keys()) {
    yield* submits(state, job, mutant);
    yield* operators(state, job, mutant);
    yield* sweeps(state, job, mutant);
  }
  for (const index of state.workers.keys()) yield* works(state, index, mutant);
  yield* letters(state, mutant);
  yield* outages(state, mutant);
}

function* submits(state: JobsState, job: number, mutant: Mutant): Iterable<Act> {
  const row = state.rows[job];
  const last = state.submits[job];
  if (!row || last === "acknowledged") return;
  const answered = (from: JobsState, answer: "lost" | "acknowledged") => ({
    ...from,
    submits: replaced(from.submits, job, answer),
  });
  if (mutant === "acknowledge a submit before its commit" && row.status === "none")
    yield { what: `submit ${job}: acknowledged, not committed`, next: answered(state, "acknowledged") };
  const isNew = row.status === "none" || mutant === "submit without a key";
  const inserted = !isNew
    ? state
    : row.status === "none"
      ? changed(state, job, "pending", "submitted", { copies: 1 })
      : withRow(state, job, { copies: row.copies + 1 });
  yield { what: `submit ${job}: committed, acknowledged`, next: answered(inserted, "acknowledged") };
  if (state.left.loss > 0 && last === "none")
    yield { what: `submit ${job}: committed, answer lost`, next: spend(answered(inserted, "lost"), "loss") };
}

function* operators(state: JobsState, job: number, mutant: Mutant): Iterable<Act> {
  const row = state.rows[job];
  if (!row || row.status === "none") return;
  const isBlind = mutant === "cancel without looking at the status";
  if (state.left.cancel > 0) {
    const spent = spend(state, "cancel");
    if (row.status === "pending" || (isBlind && row.status !== "running"))
      yield { what: `cancel ${job}`, next: changed(spent, job, "cancelled", "cancelled") };
    else if (row.status === "running" && !row.cancel) {
      const asked = changed(spent, job, "running", "cancel_requested", { cancel: true });
      const unversioned = mutant === "a request to cancel does not count as a version";
      yield {
        what: `ask ${job} to stop`,
        next: unversioned ? withRow(asked, job, { version: row.version }) : asked,
      };
    }
  }
  if (state.left.requeue > 0 && TERMINAL.has(row.status)) {
    const seen = { by: "operator", job, version: row.version, attempt: row.attempt };
    yield {
      what: `an operator looks at ${job}`,
      next: { ...spend(state, "requeue"), seen: [...state.seen, seen] },
    };
  }
  for (const [at, { by, job: of, version }] of state.seen.entries()) {
    if (by !== "operator" || of !== job) continue;
    const rest = { ...state, seen: state.seen.filter((_, index) => index !== at) };
    if (row.version !== version && mutant !== "requeue without the version") {
      yield { what: `requeue ${job}: refused, it has changed`, next: rest };
      continue;
    }
    const attempt = mutant === "requeue resets the attempt" ? 0 : row.attempt;
    const fresh = {
      attempt,
      failures: 0,
      losses: 0,
      cancel: false,
      endsInRun: 0,
      runBegan: attempt,
      progressOf: 0,
    };
    yield { what: `requeue ${job}`, next: changed(rest, job, "pending", "requeued", fresh) };
  }
}

function* sweeps(state: JobsState, job: number, mutant: Mutant): Iterable<Act> {
  const row = state.rows[job];
  if (!row) return;
  const holder = state.workers.find((worker) => worker.id === row.worker);
  const isSilent = holder === undefined || holder.silent || !holder.up;
  const isCareless =
    mutant === "sweep decided in a SELECT" || mutant === "sweep without looking at the heartbeat again";
  for (const [at, { by, job: of, attempt }] of state.seen.entries()) {
    if (by !== "sweeper" || of !== job) continue;
    const rest = { ...state, seen: state.seen.filter((_, index) => index !== at) };
    const isStill = row.status === "running" && row.attempt === attempt;
    if (!isStill && mutant !== "sweep decided in a SELECT")
      yield { what: `sweep ${job}: it has changed`, next: rest };
    else yield* swept(rest, job, holder);
  }
  if (row.status !== "running") return;
  if (isSilent && state.isGraceOver) {
    const isSeen = state.seen.some((one) => one.by === "sweeper" && one.job === job);
    if (!isCareless) yield* swept(state, job, holder);
    else if (!isSeen) {
      const seen = { by: "sweeper", job, version: row.version, attempt: row.attempt };
      yield {
        what: `the sweeper sees ${job} with a silent worker`,
        next: { ...state, seen: [...state.seen, seen] },
      };
    }
  }
  if (state.left.timeout > 0)
    yield {
      what: `the sweeper ends ${job}, which is overdue`,
      next: givenUp(spend(state, "timeout"), job, "timeout"),
    };
  if (row.cancel)
    yield { what: `the sweeper cancels ${job}, whose worker did not`, next: givenUp(state, job, "lost") };
}

function* swept(state: JobsState, job: number, holder: WorkerState | undefined): Iterable<Act> {
  const isRobbed = holder?.up && !holder.stopped && (!holder.silent || holder.blameless);
  const fault = isRobbed ? `the job of ${holder.id}, which is alive and reachable, was taken away` : null;
  yield { what: `the sweeper takes ${job}`, next: givenUp(state, job, "lost"), fault };
}

function* letters(state: JobsState, mutant: Mutant): Iterable<Act> {
  for (const [at, letter] of state.wire.entries()) {
    const rest = { ...state, wire: state.wire.filter((_, index) => index !== at) };
    yield {
      what: `a held request settles ${letter.job} as ${letter.type}`,
      next: settled(rest, letter, mutant),
    };
    yield { what: "a held request is lost", next: rest };
  }
}

/**
 * The database is away for longer than a lease: no heartbeat arrived, and no worker is at fault.
 */
function* outages(state: JobsState, mutant: Mutant): Iterable<Act> {
  if (state.left.outage > 0) {
    const workers = state.workers.map((worker) => ({
      ...worker,
      silent: true,
      blameless: !worker.silent && !worker.stopped,
    }));
    const isGraceOver = mutant === "no grace period after an outage";
    yield { what: "the database was away", next: { ...spend(state, "outage"), workers, isGraceOver } };
  }
  const allHeard = state.workers.every(({ up, stopped, silent }) => !up || stopped || !silent);
  if (!state.isGraceOver && allHeard)
    yield { what: "the grace period is over", next: { ...state, isGraceOver: true } };
}
