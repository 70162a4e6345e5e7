import type { JsonFields } from "./json-fields.js";
import { withMember } from "./json-text.js";
import type { RepairValues } from "./writer.js";

/**
 * Returns the JSON of a job with its status, times and outcome set, and everything else unchanged.
 * @param word the store's word for the status
 * @returns null when the JSON has no place for one of them
 */
export function settledText(text: string, fields: JsonFields, word: string, to: RepairValues): string | null {
  const members: readonly (readonly [path: string, json: string | undefined])[] = [
    [fields.status, JSON.stringify(word)],
    [fields.started_at, asJson(to.started_at)],
    [fields.finished_at, asJson(to.finished_at)],
    [fields.result, to.result_json],
    [fields.error, to.error_json],
  ];
  let settled: string | undefined = text;
  for (const [path, json] of members)
    if (json !== undefined && settled !== undefined) settled = withMember(settled, path.split("."), json);
  return settled ?? null;
}

function asJson(time: string | undefined): string | undefined {
  return time === undefined ? undefined : JSON.stringify(time);
}
