import type { PlanFooter, PlanHeader, PlanItem } from "./plan.js";
import { planItems, verifyPlan } from "./plan-file.js";

export interface PlanPageFilter {
  /** Number of positions in the plan to skip. */
  readonly after: number;
  readonly limit: number;
  /** null: all. */
  readonly pattern: string | null;
}

export interface PlanPage {
  readonly header: PlanHeader;
  readonly footer: PlanFooter;
  readonly items: readonly PlanItem[];
  /** The position to continue after; null: there are no more. */
  readonly next: number | null;
}

/**
 * Reads some of a plan's repairs, in its order.
 * @throws LockstepError PLAN_NOT_FOUND, PLAN_STALE when it was edited
 */
export async function readPlanPage(path: string, filter: PlanPageFilter): Promise<PlanPage> {
  const { header, footer } = await verifyPlan(path);
  const { after, limit, pattern } = filter;
  const items: PlanItem[] = [];
  let at = 0;
  for await (const item of planItems(path)) {
    at += 1;
    if (at <= after || (pattern !== null && item.pattern !== pattern)) continue;
    if (items.length === limit) return { header, footer, items, next: at - 1 };
    items.push(item);
  }
  return { header, footer, items, next: null };
}
