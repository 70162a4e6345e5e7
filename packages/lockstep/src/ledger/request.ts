import { createHash } from "node:crypto";
import { type Fault, LockstepError } from "../errors.js";
import {
  canonicalJson,
  type Job,
  type Json,
  MAX_ATTEMPTS_DEFAULT,
  MAX_ATTEMPTS_LIMIT,
  NAME_PATTERN,
  newId,
} from "../job/index.js";
import type { SubmitRequest } from "./ledger.js";

const TAGS_MAX = 50;
const TAG_CHARS_MAX = 100;
const KEY_CHARS_MAX = 255;
const TIMEOUT_MS_MAX = 2_147_483_647;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const CONTROL_CHARACTERS = /\p{Cc}|\p{Cs}/u;

/** A request that was checked, with its defaults filled in and an id, ready to be inserted. */
export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly queue: string;
  readonly priority: number;
  readonly run_at: string | null;
  readonly max_attempts: number;
  readonly timeout_ms: number | null;
  readonly inputText: string;
  readonly idempotency_key: string | null;
  readonly request_hash: string | null;
  readonly unique_key: string | null;
  readonly limit_key: string | null;
  readonly tags: readonly string[];
  readonly traceparent: string | null;
  readonly actor: string;
  readonly batch_id: string | null;
}

/**
 * Checks a request. All faults are reported at once.
 * @param place a JSON pointer prefix for the faults, such as `/jobs/3`
 * @throws LockstepError INVALID_INPUT
 */
export function newJob(request: SubmitRequest, actor: string, place = ""): NewJob {
  const faults = faultsOf(request).map((fault) => ({ ...fault, pointer: place + fault.pointer }));
  const input = canonicalJson(request.input);
  if (!input.ok)
    faults.push({ pointer: `${place}/input${input.fault.pointer}`, detail: input.fault.message });
  if (faults.length > 0 || !input.ok) {
    throw new LockstepError(
      "INVALID_INPUT",
      faults.map((fault) => `${fault.pointer} ${fault.detail}`).join("; "),
      { faults },
    );
  }
  return {
    id: newId(),
    kind: request.kind,
    queue: request.queue ?? "default",
    priority: request.priority ?? 0,
    run_at: request.run_at ?? null,
    max_attempts: request.max_attempts ?? MAX_ATTEMPTS_DEFAULT,
    timeout_ms: request.timeout_ms ?? null,
    inputText: input.text,
    idempotency_key: request.idempotency_key ?? null,
    request_hash: request.idempotency_key === undefined ? null : requestHash(request),
    unique_key: request.unique_key ?? null,
    limit_key: request.limit_key ?? null,
    tags: request.tags ?? [],
    traceparent: TRACEPARENT.test(request.traceparent ?? "") ? (request.traceparent ?? null) : null,
    actor,
    batch_id: null,
  };
}

function faultsOf(request: SubmitRequest): Fault[] {
  const {
    kind,
    queue = "default",
    priority = 0,
    max_attempts = MAX_ATTEMPTS_DEFAULT,
    timeout_ms,
    run_at,
    tags = [],
  } = request;
  const name = "must be lower-case letters, digits, '.', '_' or '-', at most 100";
  const key = `must be 1 to ${KEY_CHARS_MAX} characters without control characters`;
  const rules: readonly [member: string, holds: boolean, detail: string][] = [
    ["kind", NAME_PATTERN.test(kind), name],
    ["queue", NAME_PATTERN.test(queue), name],
    ["priority", isWithin(priority, -32_768, 32_767), "must be an integer from -32768 to 32767"],
    [
      "max_attempts",
      isWithin(max_attempts, 1, MAX_ATTEMPTS_LIMIT),
      `must be an integer from 1 to ${MAX_ATTEMPTS_LIMIT}`,
    ],
    [
      "timeout_ms",
      timeout_ms === undefined || isWithin(timeout_ms, 1, TIMEOUT_MS_MAX),
      `must be an integer from 1 to ${TIMEOUT_MS_MAX}`,
    ],
    [
      "run_at",
      run_at === undefined || isTime(run_at),
      "must be an RFC 3339 time between the years 1970 and 9999",
    ],
    ["unique_key", request.unique_key === undefined || isKey(request.unique_key), key],
    ["limit_key", request.limit_key === undefined || isKey(request.limit_key), key],
    ["idempotency_key", request.idempotency_key === undefined || isKey(request.idempotency_key), key],
    [
      "tags",
      tags.length <= TAGS_MAX && tags.every(isTag),
      `must be at most ${TAGS_MAX} texts of 1 to ${TAG_CHARS_MAX} characters without control characters`,
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([member, , detail]) => ({ pointer: `/${member}`, detail }));
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** SHA-256 of what the caller asked for, in a form where the order of members does not matter. */
function requestHash(request: SubmitRequest): string {
  const { idempotency_key: _key, traceparent: _trace, ...asked } = request;
  const canonical = canonicalJson(asked);
  return createHash("sha256")
    .update(canonical.ok ? canonical.text : "")
    .digest("hex");
}

/**
 * Gives each job a part of the key of all, and the hash of all: a batch that differs anywhere is another one. The key is hashed, so
 * that it has room for its part and is none that a single job could have by chance.
 */
export function withSharedKey(
  jobs: readonly NewJob[],
  requests: readonly SubmitRequest[],
  key: string,
): NewJob[] {
  const all = createHash("sha256");
  for (const request of requests) all.update(requestHash(request)).update(request.idempotency_key ?? "");
  const request_hash = all.digest("hex");
  const start = `batch:${createHash("sha256").update(key).digest("hex")}`;
  return jobs.map((job, index) =>
    job.idempotency_key === null ? { ...job, idempotency_key: `${start}/${index}`, request_hash } : job,
  );
}

/** The rows of `insert_jobs.sql`. The inputs are JSON text already and are not parsed again. */
export function insertParameter(jobs: readonly NewJob[]): string {
  const rows = jobs.map(
    ({ inputText, ...columns }) => `${JSON.stringify(columns).slice(0, -1)},"input":${inputText}}`,
  );
  return `[${rows.join(",")}]`;
}

export interface InsertedRow {
  readonly id: string;
  readonly queue: string;
  readonly priority: number;
  readonly run_at: string;
  readonly ready_at: string | null;
  readonly created_at: string;
  readonly as_of: string;
}

/** The job as it was just inserted, put together from the request and what the database added. */
export function insertedJob(job: NewJob, row: InsertedRow): Job {
  return {
    id: job.id,
    kind: job.kind,
    queue: job.queue,
    status: "pending",
    version: 1,
    attempt: 0,
    failures: 0,
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
    as_of: row.as_of,
  };
}

function isTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return false;
  const year = new Date(text).getUTCFullYear();
  return year >= 1970 && year <= 9999;
}

/** Of unique keys, idempotency keys and limit keys. */
export function isKey(text: string): boolean {
  return text.length >= 1 && text.length <= KEY_CHARS_MAX && !CONTROL_CHARACTERS.test(text);
}

function isTag(text: string): boolean {
  return text.length >= 1 && text.length <= TAG_CHARS_MAX && !CONTROL_CHARACTERS.test(text);
}
