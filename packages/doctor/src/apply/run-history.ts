import { type Intent, journalLines, type RepairOutcome, type RunBegin, type RunEnd } from "./journal.js";
import type { StateFolder } from "./state-folder.js";

/** A run as its journal records it, without its items. */
export interface RunRecord {
  readonly begin: RunBegin;
  readonly end: RunEnd | null;
  readonly written: number;
  readonly changed: number;
  readonly refused: number;
  /** The position in the plan after the last item whose outcome is known. */
  readonly nextAt: number;
  /** Intended writes of which it is unknown whether they were made. */
  readonly open: readonly Intent[];
}

/**
 * @throws LockstepError RUN_NOT_FOUND; Error when the journal does not start with its begin line
 */
export async function readRun(path: string): Promise<RunRecord> {
  let begin: RunBegin | null = null;
  let end: RunEnd | null = null;
  let open: readonly Intent[] = [];
  const counts = { written: 0, changed: 0, refused: 0 };
  let nextAt = 0;
  for await (const line of journalLines(path)) {
    if ("begin" in line) begin = line.begin;
    else if ("intents" in line) open = line.intents;
    else if ("outcomes" in line) {
      open = [];
      end = null;
      for (const { at, outcome } of line.outcomes) {
        counts[outcome] += 1;
        nextAt = Math.max(nextAt, at + 1);
      }
    } else end = line.end;
  }
  if (begin === null) throw new Error("the journal has no begin line");
  return { begin, end, ...counts, nextAt, open };
}

/** The writes of a run in the order in which they were made, each with its before image. */
export async function* writtenItems(path: string): AsyncIterable<Intent & { readonly left: RepairOutcome }> {
  let intents = new Map<number, Intent>();
  for await (const line of journalLines(path)) {
    if ("intents" in line) intents = new Map(line.intents.map((intent) => [intent.at, intent]));
    if (!("outcomes" in line)) continue;
    for (const left of line.outcomes) {
      const intent = intents.get(left.at);
      if (left.outcome === "written" && intent) yield { ...intent, left };
    }
  }
}

/** Every run, newest first. */
export async function readHistory(folder: StateFolder): Promise<readonly RunRecord[]> {
  const runs = await folder.runs();
  const records: RunRecord[] = [];
  for (const run of [...runs].reverse()) records.push(await readRun(folder.journalPath(run)));
  return records;
}
