import type { Confirmed } from "../check/confirmer.js";
import type { DriftFinding, Shown } from "../check/finding.js";
import type { Pattern } from "../compare/patterns.js";
import { planRepair } from "../plan/plan-repair.js";
import type { View } from "../views/view.js";
import type { RepairAction } from "../views/writer.js";

/** What a plan would do about a job; `none`: a person has to decide. */
type FoundAction = RepairAction | "none";

/** The number of jobs with one pattern and one action. */
export interface Cell {
  readonly pattern: Pattern;
  readonly action: FoundAction;
  readonly jobs: number;
}

/** One job in drift, as shown in a list. */
export interface FoundJob {
  readonly id: string;
  readonly pattern: Pattern;
  /** The view that differs from the record. */
  readonly view: string;
  readonly action: FoundAction;
  /** Why there is no action; null: there is one. */
  readonly why: string | null;
  readonly is_live: boolean;
  readonly since: string | null;
  readonly cause: string;
  readonly views: readonly Pick<Shown, "view" | "state" | "word" | "status">[];
}

/** Maximum number of jobs listed in each cell; the counts include all jobs. */
const LISTED_MAX = 200;

/** The findings of a check of Lockstep's own stores, by pattern and by planned action. */
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

  /** At most 200 jobs of each cell. */
  list({ pattern, action }: { pattern: string | null; action: string | null }): readonly FoundJob[] {
    return [...this.#cells.values()]
      .filter(
        ({ cell }) =>
          (pattern === null || cell.pattern === pattern) && (action === null || cell.action === action),
      )
      .flatMap(({ listed }) => listed);
  }
}
