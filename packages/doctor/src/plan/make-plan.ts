import { LockstepError } from "lockstep/internal/errors";
import { newId } from "lockstep/internal/job";
import type { StateFolder } from "../apply/state-folder.js";
import { type CheckOptions, runCheck } from "../check/run-check.js";
import type { CheckSummary } from "../check/summary.js";
import type { Pattern } from "../compare/patterns.js";
import type { SafetyStop } from "../compare/tally.js";
import type { PlanItem, PlanSkip, Preference } from "./plan.js";
import { createPlanFile } from "./plan-file.js";
import { planRepair } from "./plan-repair.js";

const EXPIRES_MS = 3_600_000;
const EXAMPLES_MAX = 20;

export interface PlanOptions extends CheckOptions {
  readonly folder: StateFolder;
  readonly configHash: string;
  readonly prefer: Readonly<Partial<Record<Pattern, Preference>>>;
  /** Views that must not be written, and why. */
  readonly obstacles: ReadonlyMap<string, string>;
  /** The user has confirmed that the mapping is right, so safety stops are ignored. */
  readonly acceptMapping: boolean;
  /** Where to write the plan. Default: the state folder. */
  readonly path?: string;
  readonly onItem?: (item: PlanItem) => void;
  readonly onSkip?: (skip: PlanSkip) => void;
}

export interface PlanResult {
  /** null: there is nothing to repair, so no file was written. */
  readonly plan: string | null;
  readonly path: string | null;
  readonly expires_at: string | null;
  readonly repairs: number;
  readonly skipped: number;
  readonly by_pattern: Readonly<Record<string, { readonly repairs: number; readonly skipped: number }>>;
  readonly examples: readonly PlanItem[];
  readonly skip_examples: readonly PlanSkip[];
  readonly check: CheckSummary;
}

/**
 * Runs a check and writes the repairs of its findings to a plan file, which can be applied within
 * an hour.
 * @throws LockstepError PLAN_BRAKED at a safety stop, VIEW_UNREADABLE when not everything could be
 *   read
 */
export async function makePlan(options: PlanOptions): Promise<PlanResult> {
  const { folder, configHash, prefer, obstacles, views, acceptMapping } = options;
  const plan = newId();
  const path = options.path ?? folder.planPath(plan);
  const nowMs = Date.now();
  const expires_at = new Date(nowMs + EXPIRES_MS).toISOString();
  const created_at = new Date(nowMs).toISOString();
  const header = {
    schema: "lockstep.plan/1",
    plan,
    created_at,
    expires_at,
    config_hash: configHash,
    prefer,
  } as const;
  const file = await createPlanFile(path, header);
  const found = new Found(options);
  const all = [views.record, ...views.others];
  try {
    const check = await runCheck({
      ...options,
      onFinding: async (finding, confirmed) => {
        await options.onFinding?.(finding, confirmed);
        await file.add(
          found.add(planRepair(confirmed, all, { prefer, obstacles, clock: new Date().toISOString() })),
        );
      },
    });
    assertPlausible(check, acceptMapping);
    if (found.repairs === 0) {
      await file.discard();
      return { plan: null, path: null, expires_at: null, ...found.result(), check };
    }
    await file.finish();
    return { plan, path, expires_at, ...found.result(), check };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

function assertPlausible({ interrupted, brakes }: CheckSummary, acceptMapping: boolean): void {
  if (interrupted !== null)
    throw new LockstepError(
      "VIEW_UNREADABLE",
      `no plan was made, because not everything could be read: ${interrupted}`,
    );
  if (brakes.length > 0 && !acceptMapping)
    throw new LockstepError("PLAN_BRAKED", `no plan was made: ${brakes.map(safetyStopText).join("; ")}`);
}

/** The reason for a safety stop, in one sentence. */
export function safetyStopText(safetyStop: SafetyStop): string {
  if (safetyStop.kind === "swapped")
    return `in ${safetyStop.view}, the words ${safetyStop.words.join(" and ")} look swapped: for most jobs with one of them, the record has the status of the other. Check the statuses in the configuration`;
  return `${safetyStop.drift} of ${safetyStop.compared} jobs differ, over 30 %, so the mapping is probably wrong, not the jobs. Check the statuses in the configuration`;
}

class Found {
  repairs = 0;
  skipped = 0;
  readonly #byPattern: Record<string, { repairs: number; skipped: number }> = {};
  readonly #examples: PlanItem[] = [];
  readonly #skipExamples: PlanSkip[] = [];
  readonly #options: Pick<PlanOptions, "onItem" | "onSkip">;

  constructor(options: Pick<PlanOptions, "onItem" | "onSkip">) {
    this.#options = options;
  }

  add(decision: ReturnType<typeof planRepair>): ReturnType<typeof planRepair> {
    const { pattern } = "item" in decision ? decision.item : decision.skip;
    this.#byPattern[pattern] ??= { repairs: 0, skipped: 0 };
    const counts = this.#byPattern[pattern];
    if ("item" in decision) {
      this.repairs += 1;
      counts.repairs += 1;
      if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(decision.item);
      this.#options.onItem?.(decision.item);
    } else {
      this.skipped += 1;
      counts.skipped += 1;
      if (this.#skipExamples.length < EXAMPLES_MAX) this.#skipExamples.push(decision.skip);
      this.#options.onSkip?.(decision.skip);
    }
    return decision;
  }

  result() {
    const { repairs, skipped } = this;
    return {
      repairs,
      skipped,
      by_pattern: this.#byPattern,
      examples: this.#examples,
      skip_examples: this.#skipExamples,
    };
  }
}
