import type { Model, Step } from "./explore.js";

/**
 * Writers take a number and commit later, in any order. A reader follows the commits and may die
 * between two steps.
 */
export interface FeedState {
  /** For each writer's transition: its number in the log; 0: it has not begun. */
  readonly numbers: readonly number[];
  readonly committed: readonly boolean[];
  readonly nextNumber: number;
  /**
   * The saved position: every number below it was taken, and those in `open` were not committed.
   */
  readonly saved: Position;
  /** What the reader has read and not delivered. */
  readonly read: { readonly lines: readonly number[]; readonly position: Position } | null;
  readonly delivered: readonly number[];
  readonly crashes: number;
}

interface Position {
  readonly below: number;
  readonly open: readonly number[];
}

export type FeedMutant =
  | "a cursor over the sequence"
  | "a position without open transactions"
  | "save the position before the delivery"
  | "wait for the oldest transaction";

export function feedModel(writers: number, mutant: FeedMutant | null): Model<FeedState> {
  return {
    name: `feed (${writers} writers)`,
    initial: {
      numbers: Array.from({ length: writers }, () => 0),
      committed: Array.from({ length: writers }, () => false),
      nextNumber: 1,
      saved: { below: 1, open: [] },
      read: null,
      delivered: [],
      crashes: 1,
    },
    *steps(state) {
      yield* writes(state);
      yield* reads(state, mutant);
    },
    wrong: (state) => skipped(state),
    isSettled: (state) =>
      state.read === null &&
      state.committed.every((done) => done) &&
      state.delivered.length === state.numbers.length,
  };
}

function* writes(state: FeedState): Iterable<Step<FeedState>> {
  for (const [writer, number] of state.numbers.entries()) {
    if (number === 0) {
      const numbers = state.numbers.map((old, at) => (at === writer ? state.nextNumber : old));
      yield {
        what: `writer ${writer} begins`,
        next: { ...state, numbers, nextNumber: state.nextNumber + 1 },
      };
    } else if (!state.committed[writer]) {
      const committed = state.committed.map((old, at) => old || at === writer);
      yield { what: `writer ${writer} commits`, next: { ...state, committed } };
    }
  }
}

function isCommitted({ numbers, committed }: FeedState, number: number): boolean {
  return committed[numbers.indexOf(number)] ?? false;
}

function* reads(state: FeedState, mutant: FeedMutant | null): Iterable<Step<FeedState>> {
  const { saved, read } = state;
  if (read === null) {
    const visible = state.numbers.filter((number) => number > 0 && isCommitted(state, number));
    const fresh = visible.filter((number) => number >= saved.below || saved.open.includes(number));
    const position = nextPosition(state, fresh, mutant);
    const isHeldUp = mutant === "wait for the oldest transaction" && position.open.length > 0;
    if (fresh.length > 0 && !isHeldUp)
      yield {
        what: `the reader reads ${fresh.join(", ")}`,
        next: { ...state, read: { lines: fresh, position } },
      };
    return;
  }
  const delivered = [...new Set([...state.delivered, ...read.lines])].sort((a, b) => a - b);
  if (mutant === "save the position before the delivery" && saved !== read.position) {
    yield { what: "the reader saves its position", next: { ...state, saved: read.position } };
    if (state.crashes > 0)
      yield {
        what: "the reader dies",
        next: { ...state, saved: read.position, read: null, crashes: state.crashes - 1 },
      };
  }
  yield {
    what: "the reader delivers, then saves",
    next: { ...state, delivered, saved: read.position, read: null },
  };
  if (state.crashes > 0)
    yield {
      what: "the reader delivers, then dies",
      next: { ...state, delivered, read: null, crashes: state.crashes - 1 },
    };
}

function nextPosition(state: FeedState, fresh: readonly number[], mutant: FeedMutant | null): Position {
  if (mutant === "a cursor over the sequence") return { below: Math.max(0, ...fresh) + 1, open: [] };
  const open = state.numbers.filter((number) => number > 0 && !isCommitted(state, number));
  return { below: state.nextNumber, open: mutant === "a position without open transactions" ? [] : open };
}

/** A transition behind the saved position that was not delivered will never be delivered. */
function skipped({ saved, delivered, numbers }: FeedState): string | null {
  const lost = numbers.find(
    (number) =>
      number > 0 && number < saved.below && !saved.open.includes(number) && !delivered.includes(number),
  );
  return lost === undefined ? null : `transition ${lost} is behind the position and was not delivered`;
}
