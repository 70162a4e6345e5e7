import { isTerminal, type Status } from "lockstep/internal/job";
import type { Confirmed } from "../check/confirmer.js";
import type { Pattern } from "../compare/patterns.js";
import type { Value, View } from "../views/view.js";
import type { RepairAction, RepairValues } from "../views/writer.js";
import type { Change, PlanItem, PlanSkip, Preference } from "./plan.js";
import { repairValues, shortened } from "./repair-values.js";

export interface RepairPolicy {
  readonly prefer: Readonly<Partial<Record<Pattern, Preference>>>;
  /** Views that must not be written, and why. */
  readonly obstacles: ReadonlyMap<string, string>;
  /** RFC 3339. Used where no view has the time; the plan then names the clock as the source. */
  readonly clock: string;
}

interface Case {
  readonly confirmed: Confirmed;
  readonly record: { readonly view: View; readonly value: Value | null };
  readonly other: { readonly view: View; readonly value: Value | null };
  readonly policy: RepairPolicy;
}

type Decision = { readonly item: PlanItem } | { readonly skip: PlanSkip };

/**
 * Decides the repair of one job in drift. Pure: it uses only the observations and the abilities of
 * the views.
 */
export function planRepair(confirmed: Confirmed, views: readonly View[], policy: RepairPolicy): Decision {
  const { id, verdict, record, others } = confirmed;
  const skip = (why: string): Decision => ({ skip: { id, pattern: verdict.pattern, why } });
  if (verdict.isLive)
    return skip(
      "a worker is running it (its lock or heartbeat is live): wait until it has finished, then check again",
    );
  const sides = [record, others.find(({ view }) => view === verdict.view) ?? record].map((observation) => ({
    view: views.find(({ name }) => name === observation.view),
    value: observation.answer.state === "value" ? observation.answer : null,
  }));
  const [recordSide, otherSide] = sides;
  if (!recordSide?.view || !otherSide?.view) return skip("the view is not part of this check");
  const found = {
    confirmed,
    record: { view: recordSide.view, value: recordSide.value },
    other: { view: otherSide.view, value: otherSide.value },
    policy,
  };
  const decided = DECISIONS[verdict.pattern](found);
  if (typeof decided === "string") return skip(decided);
  const obstacle = policy.obstacles.get(decided.view);
  return obstacle === undefined ? { item: decided } : skip(`${decided.view}: ${obstacle}`);
}

/** A plan item, or the reason why there is none. */
const DECISIONS: Readonly<Record<Pattern, (found: Case) => PlanItem | string>> = {
  "stuck-running": (found) => settleRecord(found),
  "skipped-states": (found) =>
    found.other.value?.resultJson === undefined && found.other.value?.errorJson === undefined
      ? "there is no result and no error as evidence that it ran: find out, then set its status yourself"
      : settleRecord(found),
  "already-done": (found) => finishEntry(found),
  "lost-enqueue": (found) => enqueue(found),
  "lost-runner": () =>
    "it is unknown whether the work was done: find out, then fail the job or submit it again",
  stalled: () => "the queue's own recovery comes first: wait a few minutes, then check again",
  orphan: () =>
    "the record does not have it, and the doctor never deletes: look at it, then delete or submit it yourself",
  contradiction: (found) => byPreference(found),
  "result-mismatch": (found) => (canRefresh(found) ? refresh(found) : byPreference(found)),
  "stale-surface": (found) => refresh(found),
};

function settleRecord(found: Case): PlanItem | string {
  return settle(found, found.record, found.other);
}

/**
 * Repairs the entry of a job that is done: removes it where the view can do that, else sets the
 * outcome.
 */
function finishEntry(found: Case): PlanItem | string {
  const { writer } = found.other.view;
  if (writer?.actions.includes("remove")) return settle(found, found.other, found.record, "remove");
  return settle(found, found.other, found.record);
}

function enqueue(found: Case): PlanItem | string {
  const { other, confirmed } = found;
  if (!other.view.writer?.actions.includes("enqueue"))
    return `the doctor cannot add jobs to ${other.view.name}: submit the job again`;
  return itemOf(confirmed, {
    view: other.view.name,
    action: "enqueue",
    to: { status: "pending" },
    changes: [{ field: "entry", from: null, to: "pending", source: found.record.view.name }],
  });
}

function refresh(found: Case): PlanItem | string {
  const { other, record, confirmed } = found;
  if (!canRefresh(found)) return `${other.view.name} only shows a status: fix the program that answers there`;
  const status = record.value?.status;
  if (!status) return "the record does not have the job";
  return itemOf(confirmed, {
    view: other.view.name,
    action: "refresh",
    to: { status },
    changes: [refreshed(found, status)],
  });
}

function canRefresh({ other }: Case): boolean {
  return other.view.writer?.actions.includes("refresh") === true;
}

/** The whole copy is rewritten; this describes the part that was wrong. */
function refreshed({ confirmed, record, other }: Case, status: Status): Change {
  const source = record.view.name;
  if (confirmed.verdict.pattern !== "result-mismatch")
    return { field: "status", from: other.value?.word ?? null, to: status, source };
  const outcomeOf = (value: Value | null) => value?.resultJson ?? value?.errorJson ?? null;
  const [from, to] = [outcomeOf(other.value), outcomeOf(record.value)];
  const field = status === "completed" ? "result" : "error";
  return { field, from: from && shortened(from), to: to && shortened(to), source };
}

function byPreference(found: Case): PlanItem | string {
  const { confirmed, policy, record, other } = found;
  const preference = policy.prefer[confirmed.verdict.pattern];
  if (preference === undefined) return `both sides have an outcome: choose the one to trust with --prefer`;
  if (preference === "queue") return settleRecord(found);
  if (preference === "record") return settle(found, other, record);
  const [otherTime, recordTime] = [lastTime(other.value), lastTime(record.value)];
  if (otherTime === null || recordTime === null || otherTime === recordTime)
    return "the times do not show which side is newer: choose queue or record with --prefer";
  return otherTime > recordTime ? settleRecord(found) : settle(found, other, record);
}

function lastTime(value: Value | null): number | null {
  const time = value?.finishedAt ?? value?.updatedAt ?? null;
  return time === null ? null : Date.parse(time);
}

/** Copies the outcome from `source` to `target`. */
function settle(
  { confirmed, policy }: Case,
  target: Case["record"],
  source: Case["record"],
  action: RepairAction = "settle",
): PlanItem | string {
  const { view, value } = target;
  const { writer } = view;
  if (view.traits.isAuthority) return `${view.name} is changed only by its own program: repair the job there`;
  if (!writer?.actions.includes(action))
    return `the doctor only reads ${view.name}: repair the job there yourself`;
  if (value === null || source.value === null || source.value.status === null)
    return "one side does not have the job";
  const status: Status = source.value.status;
  if (!isTerminal(status)) return `${source.view.name} has no outcome`;
  const word = writer.wordFor(status);
  if (word === null) return `${view.name} has no word for ${status}: add one under its statuses`;
  const { to, changes } = repairValues({
    status,
    word,
    target: value,
    source: source.value,
    sourceName: source.view.name,
    fields: writer.fields,
    clock: policy.clock,
  });
  return itemOf(confirmed, { view: view.name, action, to, changes });
}

interface ItemFields {
  readonly view: string;
  readonly action: RepairAction;
  readonly to: RepairValues;
  readonly changes: readonly Change[];
}

function itemOf({ id, verdict, record, others }: Confirmed, fields: ItemFields): PlanItem {
  const marks = Object.fromEntries(
    [record, ...others].map(({ view, answer }) => [
      view,
      answer.state === "value" ? answer.fingerprint : answer.state,
    ]),
  );
  return { id, pattern: verdict.pattern, ...fields, changes: [...fields.changes], marks };
}
