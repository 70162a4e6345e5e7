import { LockstepError } from "lockstep/internal/errors";
import type { Observation } from "../compare/compare-pair.js";
import { reasonOf } from "../stores/reason.js";
import type { Answer, Summary, Value, View } from "../views/view.js";

/** The views of one check. */
export interface ViewSet {
  readonly record: View;
  /** In the order of the configuration file. */
  readonly others: readonly View[];
}

/** One job as every view shows it. */
export interface Observations<V extends Summary> {
  readonly id: string;
  readonly record: Observation<V>;
  readonly others: readonly Observation<V>[];
}

export function observationOf<V extends Summary>(view: View, answer: Answer<V> | undefined): Observation<V> {
  const missing = { state: "unknown", of: "store", why: "it gave no answer" } as const;
  return { view: view.name, traits: view.traits, answer: answer ?? missing };
}

/**
 * Calls one view.
 * @throws LockstepError VIEW_UNREADABLE with the view's name, for any error of its driver
 */
export async function probe<T>(view: View, ask: (view: View) => Promise<T>): Promise<T> {
  try {
    return await ask(view);
  } catch (error) {
    throw asUnreadable(view, error);
  }
}

/** Like `probe`, for pages. */
export async function* probePages<T>(view: View, pages: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await probe(view, () => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/**
 * Reads these jobs in all views: the others, then the record, then the others again. This shows
 * which jobs change meanwhile.
 */
export async function readAll(
  { record, others }: ViewSet,
  ids: readonly string[],
): Promise<readonly (Observations<Value> & { readonly isMoving: boolean })[]> {
  const readOthers = () => Promise.all(others.map((view) => probe(view, () => view.read(ids))));
  const before = await readOthers();
  const known = await probe(record, () => record.read(ids));
  const after = await readOthers();
  return ids.map((id) => {
    const seen = (maps: readonly ReadonlyMap<string, Answer<Value>>[]) =>
      others.map((view, index) => observationOf(view, maps[index]?.get(id)));
    const latest = seen(after);
    return {
      id,
      record: observationOf(record, known.get(id)),
      others: latest,
      isMoving: fingerprintsOf(seen(before)) !== fingerprintsOf(latest),
    };
  });
}

/** A text that differs whenever any view shows something different for the job. */
export function fingerprintsOf(observations: readonly Observation<Value>[]): string {
  return observations
    .map(({ answer }) => (answer.state === "value" ? answer.fingerprint : answer.state))
    .join(" ");
}

function asUnreadable(view: View, error: unknown): LockstepError {
  // Lockstep's own database already reports this with a message of its own.
  if (error instanceof LockstepError && error.code !== "DATABASE_UNAVAILABLE") return error;
  return new LockstepError("VIEW_UNREADABLE", `view ${view.name} cannot be read: ${reasonOf(error)}`, {
    cause: error,
  });
}
