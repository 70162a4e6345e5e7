import { z } from "zod";
import { type CachedJob, STATUSES } from "../job/index.js";
import type { ProjectedRow } from "../ledger/index.js";

/** A larger output or error is omitted, and the value says so. */
export const PAYLOAD_BYTES_MAX = 1_048_576;

/**
 * The text of a job's value. `redis-cli GET result:<job_id>` shows it to people, and `apply.lua`
 * reads its beginning: job_id, status, version and epoch come first, in this order.
 */
export function valueText(row: ProjectedRow, epoch: number): string {
  return `{"job_id":"${row.id}","status":"${row.status}","version":${row.version},"epoch":${epoch},${row.members}${payloadMember(row)}}`;
}

/**
 * Where a value's payload begins; it is the last member. Inside a JSON string its quotes would be
 * escaped.
 */
const PAYLOAD = /,"(results|error)(_omitted)?":/;

/**
 * @returns the JSON text of a value's output or error; undefined: it has none; null: it was omitted
 */
export function payloadText(valueText: string): string | null | undefined {
  const place = PAYLOAD.exec(valueText);
  if (place === null) return undefined;
  if (place[2] !== undefined) return null;
  return valueText.slice(place.index + place[0].length, valueText.lastIndexOf("}"));
}

function payloadMember({ status, payload, payload_bytes }: ProjectedRow): string {
  const name = status === "completed" ? "results" : "error";
  if (payload !== null) return `,"${name}":${payload}`;
  if (payload_bytes > 0) return `,"${name}_omitted":true`;
  return status === "completed" ? `,"results":null` : "";
}

const text = z.string();
const time = text.nullable();
const count = z.number();
const VALUE = z.object({
  job_id: text,
  status: z.enum(STATUSES),
  version: z.int().positive(),
  epoch: z.int(),
  kind: text,
  queue: text,
  attempt: count,
  failures: count,
  losses: count,
  max_attempts: count,
  priority: count,
  progress: z.object({ fraction: z.number(), message: text.nullable(), at: text }).nullable(),
  worker_id: text.nullable(),
  tags: z.array(text),
  timeout_ms: count.nullable(),
  unique_key: text.nullable(),
  limit_key: text.nullable(),
  batch_id: text.nullable(),
  run_at: text,
  deadline_at: time,
  created_at: text,
  started_at: time,
  finished_at: time,
  cancel_requested_at: time,
  actor: text,
  reason: text,
  as_of: text,
  results: z.unknown().optional(),
  results_omitted: z.boolean().optional(),
  error: z.unknown().optional(),
});

/** @returns null for anything that is not the value of this job */
export function readValue(
  jobId: string,
  valueText: string,
): { readonly epoch: number; readonly job: CachedJob } | null {
  const value = parse(valueText);
  if (value === null || value.job_id !== jobId) return null;
  const { job_id, epoch, results, results_omitted, error, ...fields } = value;
  const job = {
    ...fields,
    id: job_id,
    output: results ?? null,
    output_omitted: results_omitted ?? false,
    error: error ?? null,
    source: "cache",
  };
  return { epoch, job: job as CachedJob };
}

function parse(valueText: string): z.output<typeof VALUE> | null {
  try {
    return VALUE.parse(JSON.parse(valueText));
  } catch {
    // Not written by the projection, or by another version of it: the status is unknown here.
    return null;
  }
}
