import type { TerminalStatus } from "lockstep/internal/job";
import type { Value } from "../views/view.js";
import type { RepairValues, SettableField } from "../views/writer.js";
import type { Change } from "./plan.js";

export interface RepairValuesOptions {
  readonly status: TerminalStatus;
  /** The target's word for the status. */
  readonly word: string;
  readonly target: Value;
  readonly source: Value;
  readonly sourceName: string;
  /** The fields that the target can hold. */
  readonly fields: ReadonlySet<SettableField>;
  readonly clock: string;
}

/**
 * The values to set where a job has ended elsewhere: the status; the missing times, from evidence,
 * else from the clock; the result or the error, where the target has a field for it and the field
 * is empty.
 */
export function repairValues(options: RepairValuesOptions): { to: RepairValues; changes: readonly Change[] } {
  const { status, word, target, source, sourceName, fields } = options;
  const changes: Change[] = [{ field: "status", from: target.word, to: word, source: sourceName }];
  const finished = finishedTime(options);
  const started = startedTime(options);
  const copies = (field: "result" | "error", json: string | undefined, there: string | undefined) => {
    if (!fields.has(field) || json === undefined || there !== undefined) return undefined;
    changes.push({
      field,
      from: null,
      to: shortened(json),
      source: sourceName,
    });
    return json;
  };
  if (started) changes.push({ field: "started_at", from: null, ...started });
  if (finished) changes.push({ field: "finished_at", from: target.finishedAt, ...finished });
  const result = status === "completed" ? copies("result", source.resultJson, target.resultJson) : undefined;
  const error = status === "failed" ? copies("error", source.errorJson, target.errorJson) : undefined;
  return {
    to: {
      status,
      ...(started ? { started_at: started.to } : {}),
      ...(finished ? { finished_at: finished.to } : {}),
      ...(result === undefined ? {} : { result_json: result }),
      ...(error === undefined ? {} : { error_json: error }),
    },
    changes,
  };
}

/** JSON as a plan shows it, truncated; the write uses the whole text. */
export function shortened(json: string): string {
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}

interface Sourced {
  readonly to: string;
  readonly source: string;
}

function finishedTime({ target, source, sourceName, fields, clock }: RepairValuesOptions): Sourced | null {
  if (!fields.has("finished_at") || target.finishedAt !== null) return null;
  if (source.finishedAt !== null) return { to: source.finishedAt, source: `${sourceName}, finished_at` };
  if (source.updatedAt !== null)
    return { to: source.updatedAt, source: `${sourceName}, its last change (updated_at)` };
  return { to: clock, source: "the clock: no view has the finish time" };
}

/** A start is never guessed: a job that ended did start, but the clock does not show when. */
function startedTime({ target, source, sourceName, fields }: RepairValuesOptions): Sourced | null {
  if (!fields.has("started_at") || target.startedAt !== null || source.startedAt === null) return null;
  return { to: source.startedAt, source: `${sourceName}, started_at` };
}
