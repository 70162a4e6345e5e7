import type { Model, Step } from "./explore.js";

/** A value in Redis. */
interface Value {
  readonly version: number;
  readonly epoch: number;
}

/** What Redis says about the copy as a whole. */
interface CopyRecord {
  readonly epoch: number;
  readonly ready: boolean;
  /** The feed is applied up to here. */
  readonly position: number;
}

interface Projector {
  /** Redis does not know the lock: a projector that lost it may still have a write on its way. */
  readonly record: CopyRecord | null;
  readonly page: { readonly to: number; readonly version: number } | null;
  readonly written: boolean;
  /** A rebuild: the version of the row that it read and will write. */
  readonly walked: number | null;
}

/** One job, two projectors, a Redis that loses its data, and a client that reads the cache. */
export interface CopyState {
  /** The job's version in the ledger. */
  readonly version: number;
  readonly epoch: number;
  readonly value: Value | null;
  readonly record: CopyRecord | null;
  readonly holder: number;
  readonly projectors: readonly Projector[];
  /** The newest version that the client with min_version was shown. */
  readonly shown: number;
  readonly flushes: number;
  readonly takeovers: number;
}

export type CopyMutant =
  | "write any version"
  | "skip the generation key"
  | "a miss means pending"
  | "move the record before the value"
  | "rebuild without saving the position first"
  | "a replaced projector may still move the record"
  | "answer below min_version"
  | "ready before the rebuild ends";

const VERSIONS = 3;

export function copyModel(mutant: CopyMutant | null): Model<CopyState> {
  const idle: Projector = { record: null, page: null, written: false, walked: null };
  return {
    name: "copy (2 projectors)",
    initial: {
      version: 1,
      epoch: 0,
      value: null,
      record: null,
      holder: 0,
      projectors: [idle, idle],
      shown: 0,
      flushes: 1,
      takeovers: 1,
    },
    *steps(state) {
      if (state.version < VERSIONS)
        yield {
          what: `the ledger commits version ${state.version + 1}`,
          next: { ...state, version: state.version + 1 },
        };
      if (state.flushes > 0)
        yield { what: "FLUSHALL", next: { ...state, value: null, record: null, flushes: state.flushes - 1 } };
      if (state.takeovers > 0)
        yield {
          what: "the other projector takes the lock",
          next: { ...state, holder: 1 - state.holder, takeovers: state.takeovers - 1 },
        };
      for (const index of state.projectors.keys()) yield* projects(state, index, mutant);
      yield* asks(state, mutant);
    },
    wrong: ({ value, version }) =>
      value !== null && value.version > version ? "the copy is ahead of the ledger" : null,
    isSettled: ({ version, value, record }) =>
      version === VERSIONS &&
      value?.version === VERSIONS &&
      record?.ready === true &&
      value.epoch === record.epoch,
  };
}

function change(
  state: CopyState,
  index: number,
  more: Partial<Projector>,
  rest: Partial<CopyState> = {},
): CopyState {
  const projectors = state.projectors.map((old, at) => (at === index ? { ...old, ...more } : old));
  return { ...state, ...rest, projectors };
}

const same = (a: CopyRecord | null, b: CopyRecord | null): boolean => JSON.stringify(a) === JSON.stringify(b);

function* projects(state: CopyState, index: number, mutant: CopyMutant | null): Iterable<Step<CopyState>> {
  const me = state.projectors[index];
  if (!me) return;
  const holds = state.holder === index;
  if (me.walked !== null) yield* writesWalked(state, index, me, mutant);
  else if (me.page !== null) yield* applies(state, index, me, mutant);
  else if (holds && (me.record === null || !same(me.record, state.record)))
    yield* resumes(state, index, mutant);
  else if (holds && me.record && !me.record.ready)
    yield {
      what: `projector ${index} walks over the ledger`,
      next: change(state, index, { walked: state.version }),
    };
  else if (holds && me.record && me.record.position < state.version)
    yield {
      what: `projector ${index} reads changes`,
      next: change(state, index, { page: { to: state.version, version: state.version } }),
    };
}

/** Continues what Redis has, or begins a rebuild under a later epoch. */
function* resumes(state: CopyState, index: number, mutant: CopyMutant | null): Iterable<Step<CopyState>> {
  const { record } = state;
  if (record !== null) {
    yield { what: `projector ${index} goes on`, next: change(state, index, { record }) };
    return;
  }
  const me = state.projectors[index];
  if (mutant === "skip the generation key" && me?.record) {
    // It trusts its own memory and does not notice what Redis has lost.
    yield { what: `projector ${index} restores its record`, next: { ...state, record: me.record } };
    return;
  }
  const epoch = state.epoch + 1;
  const position = mutant === "rebuild without saving the position first" ? VERSIONS : state.version;
  const fresh = { epoch, ready: mutant === "ready before the rebuild ends", position };
  yield {
    what: `projector ${index} begins a rebuild`,
    next: change(state, index, { record: fresh }, { epoch, record: fresh }),
  };
}

/** The script: refuses what is older, by epoch and then by version. */
function put(state: CopyState, version: number, epoch: number, mutant: CopyMutant | null): Value {
  const { value } = state;
  const mine = { version, epoch };
  if (value === null || mutant === "write any version") return mine;
  if (value.epoch > epoch || (value.epoch === epoch && value.version >= version)) return value;
  return mine;
}

function* swaps(
  state: CopyState,
  index: number,
  next: CopyRecord,
  done: Partial<Projector>,
  mutant: CopyMutant | null,
): Iterable<Step<CopyState>> {
  const me = state.projectors[index];
  const isBlind = mutant === "a replaced projector may still move the record";
  if (same(me?.record ?? null, state.record) || isBlind)
    yield {
      what: `projector ${index} moves the record`,
      next: change(state, index, { ...done, record: next }, { record: next }),
    };
  else
    yield {
      what: `projector ${index} finds another record`,
      next: change(state, index, { ...done, record: null }),
    };
}

function* writesWalked(
  state: CopyState,
  index: number,
  me: Projector,
  mutant: CopyMutant | null,
): Iterable<Step<CopyState>> {
  const { record, walked } = me;
  if (record === null || walked === null) return;
  if (!me.written) {
    const value = put(state, walked, record.epoch, mutant);
    yield {
      what: `projector ${index} writes version ${walked}`,
      next: change(state, index, { written: true }, { value }),
    };
  } else yield* swaps(state, index, { ...record, ready: true }, { walked: null, written: false }, mutant);
}

function* applies(
  state: CopyState,
  index: number,
  me: Projector,
  mutant: CopyMutant | null,
): Iterable<Step<CopyState>> {
  const { record, page } = me;
  if (record === null || page === null) return;
  const isEarly = mutant === "move the record before the value";
  const moved = { ...record, position: page.to };
  if (isEarly && !same(record, moved) && record.position < page.to) {
    yield* swaps(state, index, moved, {}, mutant);
    return;
  }
  if (isEarly && state.holder !== index) {
    yield {
      what: `projector ${index} dies`,
      next: change(state, index, { page: null, written: false, record: null }),
    };
    return;
  }
  if (!me.written) {
    const value = put(state, page.version, record.epoch, mutant);
    const after = isEarly ? { page: null, written: false } : { written: true };
    yield {
      what: `projector ${index} writes version ${page.version}`,
      next: change(state, index, after, { value }),
    };
  } else yield* swaps(state, index, moved, { page: null, written: false }, mutant);
}

/**
 * A client reads the ledger, or the cache when the database is away. It accepts nothing older than
 * it was shown.
 */
function* asks(state: CopyState, mutant: CopyMutant | null): Iterable<Step<CopyState>> {
  const { value, record, shown, version } = state;
  if (shown < version) yield { what: "a client reads the ledger", next: { ...state, shown: version } };
  if (record === null || value === null || value.epoch !== record.epoch) {
    if (mutant === "a miss means pending" && shown > 1)
      yield {
        what: "a client reads",
        next: state,
        fault: "the cache answered pending for a job that was further",
      };
    return;
  }
  if (value.version < shown && mutant !== "answer below min_version") return;
  const fault = value.version < shown ? `a client was shown version ${value.version} after ${shown}` : null;
  yield {
    what: `a client is shown version ${value.version}`,
    next: { ...state, shown: value.version },
    fault,
  };
}
