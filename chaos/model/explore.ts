/** One possible step: what happens, and the state after it. */
export interface Step<State> {
  readonly what: string;
  readonly next: State;
  /** What is wrong with the step itself; null: nothing. */
  readonly fault?: string | null;
}

/** A protocol small enough to explore in every order of events. */
export interface Model<State> {
  readonly name: string;
  readonly initial: State;
  steps(state: State): Iterable<Step<State>>;
  /** The violated invariant; null: the state is correct. */
  wrong(state: State): string | null;
  /** Whether everything may rest here. Such a state must be reachable from every state. */
  isSettled(state: State): boolean;
}

export interface Exploration {
  readonly states: number;
  readonly steps: number;
  /** null: every order was tried, and nothing was wrong. */
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
}

/** A model with more states is not small. */
const STATES_MAX = 1_500_000;

interface Node {
  readonly from: number;
  readonly what: string;
}

/**
 * Visits every reachable state, breadth first, so that the trace of a violation is a shortest one.
 * @throws RangeError when there are more states than a small model has
 */
export function explore<State>(model: Model<State>): Exploration {
  const known = new Map<string, number>();
  const nodes: Node[] = [];
  const states: State[] = [];
  const before: number[][] = [];
  const settled: number[] = [];
  let steps = 0;
  const enter = (state: State, node: Node): number => {
    const name = JSON.stringify(state);
    const there = known.get(name);
    if (there !== undefined) return there;
    const index = states.length;
    if (index >= STATES_MAX) throw new RangeError(`${model.name} has more than ${STATES_MAX} states`);
    known.set(name, index);
    states.push(state);
    nodes.push(node);
    before.push([]);
    return index;
  };
  const trace = (index: number, last?: string): string[] => {
    const path: string[] = last === undefined ? [] : [last];
    for (let at = index; at > 0; at = nodes[at]?.from ?? 0) path.unshift(nodes[at]?.what ?? "");
    return path;
  };
  const found = (what: string, path: readonly string[]): Exploration => ({
    states: states.length,
    steps,
    violation: { what, trace: path },
  });

  enter(model.initial, { from: 0, what: "" });
  for (let index = 0; index < states.length; index++) {
    const state = states[index] as State;
    const wrong = model.wrong(state);
    if (wrong !== null) return found(wrong, trace(index));
    if (model.isSettled(state)) settled.push(index);
    for (const { what, next, fault } of model.steps(state)) {
      steps++;
      if (fault) return found(fault, trace(index, what));
      before[enter(next, { from: index, what })]?.push(index);
    }
  }
  const stuck = firstStuck(states.length, before, settled);
  if (stuck !== null) return found("it can never come to rest from here", trace(stuck));
  return { states: states.length, steps, violation: null };
}

/** The first state from which no settled state can be reached. */
function firstStuck(
  count: number,
  before: readonly (readonly number[])[],
  settled: readonly number[],
): number | null {
  const reaches = new Uint8Array(count);
  const open = [...settled];
  for (const index of open) reaches[index] = 1;
  for (let index = open.pop(); index !== undefined; index = open.pop())
    for (const earlier of before[index] ?? []) {
      if (reaches[earlier]) continue;
      reaches[earlier] = 1;
      open.push(earlier);
    }
  const stuck = reaches.indexOf(0);
  return stuck === -1 ? null : stuck;
}
