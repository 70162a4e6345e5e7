import { isTerminal, type Status } from "lockstep/internal/job";
import type { Observation } from "./compare-pair.js";

/** A status column with arbitrary values must not fill the memory. */
const WORDS_MAX = 200;
/** Fewer wrong jobs than this are too few for a statistic. */
const DRIFT_MIN = 5;
const DRIFT_FRACTION_MAX = 0.3;

/** A safety stop: a reason to believe that the mapping is wrong, not the jobs. */
export type SafetyStop =
  | { readonly kind: "too-many"; readonly drift: number; readonly compared: number }
  | { readonly kind: "swapped"; readonly view: string; readonly words: readonly [string, string] };

interface Cell {
  readonly view: string;
  readonly word: string;
  readonly status: Status | null;
  readonly recordWord: string;
  readonly recordStatus: Status | null;
  count: number;
}

/** Counts how often each word of a view occurs together with each word of the record. */
export class WordTally {
  readonly #cells = new Map<string, Cell>();

  add(other: Observation, record: Observation): void {
    if (other.answer.state !== "value" || record.answer.state !== "value") return;
    const key = `${other.view}\n${other.answer.word}\n${record.answer.word}`;
    const cell = this.#cells.get(key);
    if (cell) {
      cell.count += 1;
    } else if (this.#cells.size < WORDS_MAX) {
      const { word, status } = other.answer;
      const { word: recordWord, status: recordStatus } = record.answer;
      this.#cells.set(key, { view: other.view, word, status, recordWord, recordStatus, count: 1 });
    }
  }

  get cells(): readonly Readonly<Cell>[] {
    return [...this.#cells.values()].sort((a, b) => b.count - a.count);
  }

  /**
   * Finds two outcomes that look swapped: more jobs show A here and B there, and B here and A
   * there, than agree.
   */
  swapped(): SafetyStop[] {
    const brakes: SafetyStop[] = [];
    const ended = this.cells.filter(({ status, recordStatus }) => hasEnded(status) && hasEnded(recordStatus));
    for (const one of ended)
      for (const two of ended) {
        if (
          one.view !== two.view ||
          one.status === one.recordStatus ||
          String(one.status) >= String(two.status)
        )
          continue;
        if (one.status !== two.recordStatus || two.status !== one.recordStatus) continue;
        const straight = ended
          .filter(({ view, status, recordStatus }) => view === one.view && status === recordStatus)
          .filter(({ status }) => status === one.status || status === two.status)
          .reduce((sum, { count }) => sum + count, 0);
        if (one.count + two.count >= DRIFT_MIN && one.count + two.count > straight)
          brakes.push({ kind: "swapped", view: one.view, words: [one.word, two.word] });
      }
    return brakes;
  }
}

function hasEnded(status: Status | null): boolean {
  return status !== null && isTerminal(status);
}

/** Share of unmapped words above which the remaining jobs say nothing about the whole. */
export function mostlyUnmapped(unmapped: number, compared: number): boolean {
  return tooMany(unmapped, unmapped + compared).length > 0;
}

/** Drift in over 30 % of the compared jobs is taken as a sign of a wrong mapping. */
export function tooMany(drift: number, compared: number): SafetyStop[] {
  return drift >= DRIFT_MIN && drift > compared * DRIFT_FRACTION_MAX
    ? [{ kind: "too-many", drift, compared }]
    : [];
}
