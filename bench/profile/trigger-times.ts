import { readFileSync, statSync } from "node:fs";
import pg from "pg";
import type { Row } from "./print.js";

/** The part of a plan in JSON that is read here. Times are in milliseconds, of one loop. */
interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "CTE Name"?: string;
  /** `CTE picked` on the plan of a common table expression. */
  readonly "Subplan Name"?: string;
  readonly "Function Name"?: string;
  readonly Operation?: string;
  readonly "Actual Total Time"?: number;
  readonly "Actual Loops"?: number;
  readonly Plans?: readonly Plan[];
}

type Sums = Map<string, { ms: number; calls: number }>;

interface Logged {
  readonly "Query Text": string;
  readonly Plan: Plan;
  readonly Triggers?: readonly { "Trigger Name": string; Relation?: string; Time: number; Calls: number }[];
}

/**
 * Makes the database log the plan of every statement, also of those inside functions and triggers.
 * @returns a function that reads what was logged since
 */
export async function logEveryPlan(url: string, logFile: string): Promise<() => string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const name = client.escapeIdentifier(new URL(url).pathname.slice(1));
  for (const setting of [
    "log_min_duration = 0",
    "log_analyze = on",
    "log_triggers = on",
    "log_nested_statements = on",
    "log_format = json",
    "log_verbose = off",
  ])
    await client.query(`alter database ${name} set auto_explain.${setting}`);
  await client.end();
  const from = statSync(logFile).size;
  return () => readFileSync(logFile).subarray(from).toString("utf8");
}

/** Triggers, and steps of plans by self time, both in microseconds a job, largest first. */
export function summedPlans(log: string, jobs: number): { readonly triggers: Row[]; readonly nodes: Row[] } {
  const triggers = new Map() as Sums;
  const nodes = new Map() as Sums;
  for (const { Plan, Triggers, "Query Text": query } of loggedPlans(log)) {
    for (const one of Triggers ?? [])
      add(
        triggers,
        `${one["Trigger Name"]}${one.Relation ? ` on ${one.Relation}` : ""}`,
        one.Time,
        one.Calls,
      );
    addSelfTimes(nodes, Plan, query.replace(/\s+/g, " ").trim().slice(0, 60));
  }
  return {
    triggers: rows(triggers, jobs).map(([name, row]) => ({ ...row, trigger: name })),
    nodes: rows(nodes, jobs).map(([name, row]) => {
      const [step = "", statement = ""] = name.split("\t");
      return { ...row, step, statement };
    }),
  };
}

/** The lines of an entry after its first begin with a tab. */
function loggedPlans(log: string): Logged[] {
  return log.split(/^(?=\S)/m).flatMap((entry) => {
    const start = /duration: [\d.]+ ms {2}plan:\s*\{/.exec(entry);
    return start ? [JSON.parse(entry.slice(entry.indexOf("{", start.index))) as Logged] : [];
  });
}

/**
 * A step's time includes the steps below it. The plan of a common table expression stands below the
 * whole statement, but it is the first scan of it that runs it.
 * @returns the time of this step with those below it
 */
function addSelfTimes(sums: Sums, plan: Plan, query: string, ctes = new Map<string, number>()): number {
  const loops = plan["Actual Loops"] ?? 1;
  const total = (plan["Actual Total Time"] ?? 0) * loops;
  let below = 0;
  for (const child of plan.Plans ?? []) {
    const ms = addSelfTimes(sums, child, query, ctes);
    const [, cte] = /^CTE (.*)/.exec(child["Subplan Name"] ?? "") ?? [];
    if (cte === undefined) below += ms;
    else ctes.set(cte, ms);
  }
  const cte = plan["CTE Name"] ?? "";
  below += ctes.get(cte) ?? 0;
  ctes.delete(cte);
  const of = plan["Index Name"] ?? plan["Relation Name"] ?? plan["Function Name"] ?? cte;
  add(sums, `${plan.Operation ?? plan["Node Type"]} ${of}\t${query}`, Math.max(0, total - below), loops);
  return total;
}

function add(sums: Sums, key: string, ms: number, calls: number): void {
  const before = sums.get(key) ?? { ms: 0, calls: 0 };
  sums.set(key, { ms: before.ms + ms, calls: before.calls + calls });
}

function rows(
  sums: ReadonlyMap<string, { readonly ms: number; readonly calls: number }>,
  jobs: number,
): [string, { micros: number; calls: number }][] {
  return [...sums]
    .sort((a, b) => b[1].ms - a[1].ms)
    .map(([name, { ms, calls }]) => [name, { micros: (ms * 1_000) / jobs, calls }]);
}
