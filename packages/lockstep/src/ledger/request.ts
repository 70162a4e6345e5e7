import { createHash } from "node:crypto";
import { type Issue, LockstepError } from "../errors.js";
import {
  canonicalJson,
  givenFields,
  type Job,
  type Json,
  NAME_PATTERN,
  NAME_RULE,
  newId,
  type RecordedFields,
  recordedFields,
  submitFieldFaults,
} from "../job/index.js";
import { jsonArray } from "./json-array.js";
import type { SubmitRequest } from "./ledger.js";

/** A validated request with its defaults and an id, ready to be inserted. */
export interface NewJob extends RecordedFields {
  readonly id: string;
  readonly kind: string;
  readonly inputText: string;
  readonly request_hash: string | null;
  readonly actor: string;
  readonly batch_id: string | null;
}

/**
 * Validates a request. All faults are reported at once.
 * @param place a JSON pointer prefix for the faults, such as `/jobs/3`
 * @throws LockstepError INVALID_INPUT
 */
export function newJob(request: SubmitRequest, actor: string, place = ""): NewJob {
  const issues = validateRequest(request).map((issue) => ({ ...issue, pointer: place + issue.pointer }));
  const input = canonicalJson(request.input);
  if (!input.ok)
    issues.push({ pointer: `${place}/input${input.issue.pointer}`, detail: input.issue.message });
  if (issues.length > 0 || !input.ok) {
    throw new LockstepError(
      "INVALID_INPUT",
      issues.map((issue) => `${issue.pointer} ${issue.detail}`).join("; "),
      { issues },
    );
  }
  // Not spread: V8 takes ten times as long for that, and every submit goes through here.
  return Object.assign(recordedFields(request, request.defaults), {
    id: newId(),
    kind: request.kind,
    inputText: input.text,
    request_hash: request.idempotency_key === undefined ? null : requestHash(request, input.text),
    actor,
    batch_id: null,
  });
}

function validateRequest(request: SubmitRequest): Issue[] {
  const kindFaults = NAME_PATTERN.test(request.kind) ? [] : [{ pointer: "/kind", detail: NAME_RULE }];
  return [...kindFaults, ...submitFieldFaults(request)];
}

/**
 * SHA-256 of what the caller asked for, in a form that does not depend on the order of members. The
 * defaults of the kind are not in it: a caller who repeats a request after a deploy changed them
 * asks for the same job.
 * @param inputText the input as canonical JSON
 */
function requestHash(request: SubmitRequest, inputText: string): string {
  // In the order of SUBMIT_FIELDS.
  const { idempotency_key: _key, traceparent: _trace, ...said } = givenFields(request);
  return createHash("sha256")
    .update(JSON.stringify([request.kind, said]))
    .update(inputText)
    .digest("hex");
}

/**
 * Gives each job a part of the common key, and the hash of all requests: a batch with any
 * difference is another batch. The key is hashed, so that there is space for the part and no single
 * job can have the same key by chance.
 */
export function withSharedKey(
  jobs: readonly NewJob[],
  requests: readonly SubmitRequest[],
  key: string,
): NewJob[] {
  const all = createHash("sha256");
  for (const [index, request] of requests.entries())
    all.update(requestHash(request, jobs[index]?.inputText ?? "")).update(request.idempotency_key ?? "");
  const request_hash = all.digest("hex");
  const start = `batch:${createHash("sha256").update(key).digest("hex")}`;
  return jobs.map((job, index) =>
    job.idempotency_key === null ? { ...job, idempotency_key: `${start}/${index}`, request_hash } : job,
  );
}

/** Whether another transaction with the same key can make this submit wait. */
export function isKeyed(job: NewJob): boolean {
  return job.idempotency_key !== null || job.unique_key !== null;
}

/** What another transaction can hold, so that this submit must wait for it. */
export function keysOf({ kind, idempotency_key, unique_key }: NewJob): string[] {
  return [
    ...(idempotency_key === null ? [] : [JSON.stringify([idempotency_key])]),
    ...(unique_key === null ? [] : [JSON.stringify([kind, unique_key])]),
  ];
}

/**
 * The rows of `insert_jobs.sql` and `submit_keyed.sql`. The inputs are already JSON text and are
 * not parsed again.
 */
export function insertParameter(jobs: readonly NewJob[]): string {
  const rows = jobs.map(
    ({ inputText, ...columns }) => `${JSON.stringify(columns).slice(0, -1)},"input":${inputText}}`,
  );
  return `[${rows.join(",")}]`;
}

/**
 * The parameters of `insert_alike.sql`.
 * @returns null when the jobs differ in more than id and input
 */
export function insertAlikeParameters(jobs: readonly NewJob[]): readonly unknown[] | null {
  const [first] = jobs;
  if (first === undefined || !jobs.every((job) => isAlike(job, first))) return null;
  const { kind, queue, priority, run_at, max_attempts, timeout_ms, limit_key, tags, traceparent } = first;
  return [
    `{${jobs.map(({ id }) => id).join(",")}}`,
    jsonArray(jobs.map(({ inputText }) => inputText)),
    kind,
    queue,
    priority,
    run_at,
    max_attempts,
    timeout_ms,
    limit_key,
    tags,
    traceparent,
    first.actor,
    first.batch_id,
  ];
}

function isAlike(a: NewJob, b: NewJob): boolean {
  if (a === b) return true;
  return (
    a.kind === b.kind &&
    a.queue === b.queue &&
    a.priority === b.priority &&
    a.run_at === b.run_at &&
    a.max_attempts === b.max_attempts &&
    a.timeout_ms === b.timeout_ms &&
    a.limit_key === b.limit_key &&
    a.traceparent === b.traceparent &&
    a.actor === b.actor &&
    a.batch_id === b.batch_id &&
    (a.tags === b.tags || (a.tags.length === b.tags.length && a.tags.every((tag, at) => tag === b.tags[at])))
  );
}

/** What the database added to a new job. */
export interface InsertedRow {
  readonly run_at: string;
  readonly ready_at: string | null;
  readonly created_at: string;
}

/** The job as it was just inserted, built from the request and the values the database added. */
export function insertedJob(job: NewJob, row: InsertedRow): Job {
  return {
    id: job.id,
    kind: job.kind,
    queue: job.queue,
    status: "pending",
    version: 1,
    attempt: 0,
    failures: 0,
    losses: 0,
    max_attempts: job.max_attempts,
    priority: job.priority,
    progress: null,
    input: JSON.parse(job.inputText) as Json,
    output: null,
    error: null,
    worker_id: null,
    tags: job.tags,
    timeout_ms: job.timeout_ms,
    unique_key: job.unique_key,
    limit_key: job.limit_key,
    batch_id: job.batch_id,
    run_at: row.run_at,
    deadline_at: null,
    created_at: row.created_at,
    started_at: null,
    finished_at: null,
    cancel_requested_at: null,
    actor: job.actor,
    reason: "submitted",
    source: "ledger",
    as_of: row.created_at,
  };
}
