import { probe, readAll, type ViewSet } from "../check/probe.js";
import type { PlanItem } from "../plan/plan.js";
import type { Answer, Value, View } from "../views/view.js";
import type { By, ViewWriter, WriteOutcome } from "../views/writer.js";
import type { Intent, Journal, RepairOutcome } from "./journal.js";

interface Placed {
  readonly at: number;
  readonly item: PlanItem;
}

interface Work {
  readonly views: ViewSet;
  readonly journal: Journal;
  readonly by: By;
}

/**
 * Reads every view of these jobs once more, stores the before images of the jobs that are still as
 * the plan saw them, and only then writes. Each write has its own comparison.
 */
export async function applyBatch(
  { views, journal, by }: Work,
  batch: readonly Placed[],
): Promise<readonly RepairOutcome[]> {
  const seen = await readAll(
    views,
    batch.map(({ item }) => item.id),
  );
  const intents: Intent[] = [];
  const outcomes: RepairOutcome[] = [];
  for (const [index, { at, item }] of batch.entries()) {
    const job = seen[index];
    const observations = job ? [job.record, ...job.others] : [];
    const isSame =
      job !== undefined &&
      !job.isMoving &&
      observations.every(({ view, answer }) => item.marks[view] === fingerprintOf(answer));
    const isLive = observations.some(({ answer }) => answer.state === "value" && answer.lock === "held");
    const target = observations.find(({ view }) => view === item.view)?.answer;
    if (!isSame || isLive || target === undefined)
      outcomes.push(outcomeOf(at, item.id, { outcome: "changed" }));
    else
      intents.push({
        at,
        item,
        image: target.state === "value" ? target.beforeImage : null,
        mark: target.state === "value" ? target.fingerprint : null,
      });
  }
  if (intents.length > 0) await journal.append({ intents });
  for (const intent of intents) outcomes.push(await write({ views, by }, intent));
  outcomes.sort((a, b) => a.at - b.at);
  await journal.append({ outcomes: [...outcomes] });
  return outcomes;
}

/**
 * After a crash it is unknown whether an intended write was made. The current value decides: with
 * the fingerprint from before, the write is made now; with the intended value, it counts as
 * written; another program wrote any other value.
 */
export async function settleOpen(
  { views, by }: Omit<Work, "journal">,
  open: readonly Intent[],
): Promise<RepairOutcome[]> {
  const outcomes: RepairOutcome[] = [];
  for (const intent of open) {
    const { at, item, mark } = intent;
    const view = viewOf(views, item.view);
    const answers = await probe(view, () => view.read([item.id]));
    const answer = answers.get(item.id);
    if (answer?.state === "value" && answer.fingerprint !== mark && isAsMeant(answer, item, view.writer))
      outcomes.push(outcomeOf(at, item.id, { outcome: "written", fingerprint: answer.fingerprint }));
    else outcomes.push(await write({ views, by }, intent));
  }
  return outcomes;
}

function isAsMeant(value: Value, { to }: PlanItem, writer: ViewWriter | null): boolean {
  return (
    value.word === writer?.wordFor(to.status) &&
    (to.finished_at === undefined || sameTime(value.finishedAt, to.finished_at)) &&
    (to.started_at === undefined || sameTime(value.startedAt, to.started_at))
  );
}

function sameTime(a: string | null, b: string): boolean {
  return a !== null && Date.parse(a) === Date.parse(b);
}

async function write(
  { views, by }: Omit<Work, "journal">,
  { at, item, image, mark }: Intent,
): Promise<RepairOutcome> {
  const view = viewOf(views, item.view);
  const { writer } = view;
  if (writer === null)
    return outcomeOf(at, item.id, { outcome: "refused", why: "the view can only be read" });
  const { id, action, to } = item;
  return outcomeOf(
    at,
    id,
    await probe(view, () =>
      writer.write({ action, id, fingerprint: mark, beforeImage: image, to: repairValuesOf(to), by }),
    ),
  );
}

/** Removes the members that are undefined. */
function repairValuesOf({ status, ...rest }: PlanItem["to"]) {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { status, ...given };
}

function viewOf(views: ViewSet, name: string): View {
  return views.others.find((view) => view.name === name) ?? views.record;
}

function fingerprintOf(answer: Answer<Value>): string {
  return answer.state === "value" ? answer.fingerprint : answer.state;
}

export function outcomeOf(at: number, id: string, outcome: WriteOutcome): RepairOutcome {
  return {
    at,
    id,
    outcome: outcome.outcome,
    mark: outcome.outcome === "written" ? outcome.fingerprint : null,
    why: outcome.outcome === "refused" ? outcome.why : null,
  };
}
