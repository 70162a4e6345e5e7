import type { Confirmed } from "../check/confirmer.js";
import type { DriftFinding, Shown } from "../check/finding.js";
import type { Pattern } from "../compare/patterns.js";
import { planRepair } from "../plan/plan-repair.js";
import type { View } from "../views/view.js";
import type { RepairAction } from "../views/writer.js";

/** What a plan would do about a job; `none`: it is left to a person. */
type FoundAction = RepairAction | "none";

/** How many jobs have one pattern and would have one thing done about them. */
export interface Cell {
  readonly pattern: Pattern;
  readonly action: FoundAction;
  readonly jobs: number;
}

/** One job in drift, as a list shows it. */
export interface FoundJob {
  readonly id: string;
  readonly pattern: Pattern;
  /** The view that differs from the record. */
  readonly view: string;
  readonly action: FoundAction;
  /** Why nothing would be done; null: something would be. */
  readonly why: string | null;
  readonly is_live: boolean;
  readonly since: string | null;
  readonly cause: string;
  readonly views: readonly Pick<Shown, "view" | "state" | "word" | "status">[];
}

/** Of each cell; the numbers count all of them. */
const LISTED_MAX = 200;

/** What a check of Lockstep's own stores found, by pattern and by what a plan would do. */
export class FoundList {
  readonly #views: readonly View[];
  readonly #cells = new Map<string, { readonly cell: Cell; jobs: number; readonly listed: FoundJob[] }>();

  constructor(views: readonly View[]) {
    this.#views = views;
  }

  add(finding: DriftFinding, confirmed: Confirmed): void {
    const clock = new Date().toISOString();
    const decided = planRepair(confirmed, this.#views, { prefer: {}, obstacles: new Map(), clock });
    const action = "item" in decided ? decided.item.action : "none";
    const why = "skip" in decided ? decided.skip.why : null;
    const { id, pattern, view, is_live, since, cause, views } = finding;
    const key = `${pattern} ${action}`;
    const found = this.#cells.get(key) ?? { cell: { pattern, action, jobs: 0 }, jobs: 0, listed: [] };
    this.#cells.set(key, found);
    found.jobs += 1;
    if (found.listed.length >= LISTED_MAX) return;
    const shown = views.map(({ view: name, state, word, status }) => ({ view: name, state, word, status }));
    found.listed.push({
      id,
      pattern,
      view,
      action,
      why,
      is_live,
      since,
      cause: cause.sentence,
      views: shown,
    });
  }

  cells(): readonly Cell[] {
    return [...this.#cells.values()].map(({ cell, jobs }) => ({ ...cell, jobs }));
  }

  /** At most 200 of each cell. */
  list({ pattern, action }: { pattern: string | null; action: string | null }): readonly FoundJob[] {
    return [...this.#cells.values()]
      .filter(
        ({ cell }) =>
          (pattern === null || cell.pattern === pattern) && (action === null || cell.action === action),
      )
      .flatMap(({ listed }) => listed);
  }
}
