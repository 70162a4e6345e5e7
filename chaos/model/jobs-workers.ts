import type { JobsState, Letter, WorkerState } from "./jobs-model.js";
import {
  type Act,
  changed,
  type Mutant,
  replaced,
  settled,
  spend,
  withBit,
  withRow,
  withWorker,
} from "./jobs-rows.js";

export function* works(state: JobsState, index: number, mutant: Mutant): Iterable<Act> {
  const worker = state.workers[index];
  if (!worker) return;
  const { id, up, stopped, silent, slot, unsettled } = worker;
  yield* livesAndDies(state, index, worker);
  if (!up || stopped) return;
  if (silent)
    yield {
      what: `${id} sends heartbeats again`,
      next: withWorker(state, index, { silent: false, blameless: false }),
    };
  // A worker without a heartbeat does not trust its lease and claims nothing.
  if (slot === null && !silent) yield* claims(state, index, worker, mutant);
  else if (slot !== null) yield* handles(state, index, worker, mutant);
  for (const [at, letter] of unsettled.entries()) yield* delivers(state, index, worker, at, letter, mutant);
  if (mutant !== "spools of dead workers are not read")
    for (const [at, letter] of state.spool.entries()) {
      const taken = withWorker(state, index, { unsettled: [...unsettled, letter] });
      yield {
        what: `${id} takes over a spool`,
        next: { ...taken, spool: state.spool.filter((_, i) => i !== at) },
      };
    }
}

function* livesAndDies(state: JobsState, index: number, worker: WorkerState): Iterable<Act> {
  const { id, up, stopped, silent, unsettled, lives } = worker;
  if (!up) {
    const born = {
      id: `${id.slice(0, 2)}${"'".repeat(lives)}`,
      lives: lives + 1,
      up: true,
      silent: false,
      blameless: false,
    };
    yield { what: `${id} is started again`, next: withWorker(state, index, born) };
    return;
  }
  if (state.left.crash > 0) {
    const dead = withWorker(spend(state, "crash"), index, {
      up: false,
      stopped: false,
      slot: null,
      unsettled: [],
    });
    const spooled = unsettled.filter((letter) => letter.spooled);
    yield { what: `${id} dies`, next: { ...dead, spool: [...state.spool, ...spooled] } };
  }
  if (stopped) {
    yield { what: `${id} goes on`, next: withWorker(state, index, { stopped: false }) };
    if (!silent)
      yield {
        what: `${id} sends no heartbeat for a lease`,
        next: withWorker(state, index, { silent: true }),
      };
  } else if (state.left.stop > 0)
    yield {
      what: `${id} is stopped`,
      next: withWorker(spend(state, "stop"), index, { stopped: true, blameless: false }),
    };
}

/** The handler starts: at most once for each attempt. */
function begins(what: string, state: JobsState, index: number, job: number, attempt: number): Act {
  const holds = withWorker(state, index, { slot: { job, attempt } });
  const isAgain = ((state.started[job] ?? 0) & (1 << attempt)) !== 0;
  const fault = isAgain ? `attempt ${attempt} of ${job} started twice` : null;
  return { what, next: { ...holds, started: withBit(holds.started, job, attempt) }, fault };
}

function* claims(state: JobsState, index: number, worker: WorkerState, mutant: Mutant): Iterable<Act> {
  const { id } = worker;
  const isCareless = mutant === "claim decided in a SELECT";
  for (const [job, row] of state.rows.entries()) {
    const grant = (from: JobsState) => {
      const attempt = mutant === "claim keeps the attempt" ? Math.max(1, row.attempt) : row.attempt + 1;
      return {
        granted: changed(from, job, "running", "claimed", { attempt, worker: id, progressOf: 0 }),
        attempt,
      };
    };
    const at = state.seen.findIndex((one) => one.by === id && one.job === job);
    if (isCareless && at >= 0) {
      const { granted, attempt } = grant({ ...state, seen: state.seen.filter((_, i) => i !== at) });
      yield begins(`${id} claims ${job}, which it saw`, granted, index, job, attempt);
    } else if (row.status === "pending" && isCareless) {
      const seen = { by: id, job, version: row.version, attempt: row.attempt };
      yield { what: `${id} sees ${job}`, next: { ...state, seen: [...state.seen, seen] } };
    } else if (row.status === "pending") {
      const { granted, attempt } = grant(state);
      yield begins(`${id} claims ${job}`, granted, index, job, attempt);
      if (state.left.loss > 0)
        yield { what: `${id} claims ${job}, answer lost`, next: spend(granted, "loss") };
    }
    const isOrphan =
      row.status === "running" && row.worker === id && ((state.started[job] ?? 0) & (1 << row.attempt)) === 0;
    if (isOrphan && mutant !== "never look for lost claims")
      yield begins(`${id} finds ${job}, which it owns already`, state, index, job, row.attempt);
  }
}

function* handles(state: JobsState, index: number, worker: WorkerState, mutant: Mutant): Iterable<Act> {
  const { id, slot, unsettled } = worker;
  if (!slot) return;
  const { job, attempt } = slot;
  const row = state.rows[job];
  if (!row) return;
  const fenced = row.status === "running" && row.attempt === attempt && row.worker === id;
  const reports = fenced || mutant === "progress without the fence";
  if (reports && row.progressOf !== attempt)
    yield { what: `${id} reports progress of ${job}`, next: withRow(state, job, { progressOf: attempt }) };
  for (const type of ["completed", "failed", "released"] as const) {
    const letter: Letter = { job, attempt, worker: id, type, spooled: false };
    const over = withWorker(state, index, { slot: null, unsettled: [...unsettled, letter] });
    const returned = type === "completed" ? withBit(over.returned, job, attempt) : over.returned;
    if (type !== "released" || row.attempt === 1)
      yield { what: `the handler of ${job} ends: ${type}`, next: { ...over, returned } };
  }
}

function* delivers(
  state: JobsState,
  index: number,
  { id, unsettled }: WorkerState,
  at: number,
  letter: Letter,
  mutant: Mutant,
): Iterable<Act> {
  const rest = withWorker(state, index, { unsettled: unsettled.filter((_, i) => i !== at) });
  const what = `${id} settles ${letter.job} as ${letter.type}`;
  yield { what, next: settled(rest, letter, mutant) };
  if (state.left.loss > 0) {
    yield { what: `${what}, answer lost`, next: spend(settled(state, letter, mutant), "loss") };
    if (mutant === "swallow the error of a settle")
      yield { what: `${what}, error swallowed`, next: spend(rest, "loss") };
  }
  if (state.left.hold > 0)
    yield {
      what: `${what}, the request is held`,
      next: { ...spend(state, "hold"), wire: [...state.wire, letter] },
    };
  if (letter.spooled) return;
  const isForgotten = mutant === "empty the spool before the answer";
  const spooled = withWorker(state, index, {
    unsettled: isForgotten
      ? unsettled.filter((_, i) => i !== at)
      : replaced(unsettled, at, { ...letter, spooled: true }),
  });
  const saved = letter.type === "completed" ? withBit(state.saved, letter.job, letter.attempt) : state.saved;
  yield { what: `${id} writes the outcome of ${letter.job} to the disk`, next: { ...spooled, saved } };
}
