import type { JobsOptions } from "bullmq";
import { LockstepError } from "lockstep/internal/errors";
import {
  type AnyJobDefinition,
  type Duration,
  durationMs,
  type Job,
  type JobDefinition,
  type Json,
  type SqlTransaction,
} from "lockstep/internal/job";
import type { BridgeStore, Ledger, SubmitRequest, Submitted } from "lockstep/internal/ledger";
import type { z } from "zod";
import { partOptions } from "./job-options.js";

const ACTOR = "bullmq";

export interface AddOptions {
  /** Your own transaction, such as a `pg` client after BEGIN: the job exists when, and only when, it commits. */
  readonly tx?: SqlTransaction;
  /** At most one pending or running job of a kind has a given unique key; a second add gives the first's job. */
  readonly uniqueKey?: string;
  /** The queue's limits by key count it under this key. */
  readonly limitKey?: string;
  /** The same key and request always give the same job. */
  readonly idempotencyKey?: string;
  /** Smaller runs first. Default 0. BullMQ's own `priority` goes before it. */
  readonly priority?: number;
  /** Not before this time; a text is RFC 3339. BullMQ's own `delay` says the same. Default: now. */
  readonly runAt?: Date | string;
  readonly tags?: readonly string[];
  /** Attempts in all. Default: BullMQ's own `attempts`, then the definition's, then 3. */
  readonly maxAttempts?: number;
  /** How long one attempt may take. Default: the definition's. */
  readonly timeout?: Duration;
  /** BullMQ's own options for the entry, such as `lifo` or `removeOnComplete`. */
  readonly bullmq?: JobsOptions;
}

export interface AddedJob extends Job {
  /** The key by which an earlier job was found; null when this call made the job. */
  readonly deduplicated: Submitted["deduplicated"];
}

export interface NewEntry {
  readonly job: AnyJobDefinition | string;
  readonly input: unknown;
  readonly options?: Omit<AddOptions, "tx">;
}

export interface Add {
  <Input extends z.ZodType, Output>(
    job: JobDefinition<Input, Output>,
    input: z.input<Input>,
    options?: AddOptions,
  ): Promise<AddedJob>;
  (kind: string, input: unknown, options?: AddOptions): Promise<AddedJob>;
}

interface Prepared {
  readonly request: SubmitRequest;
  readonly kept: Json | null;
}

export interface AdderOptions {
  readonly ledger: Ledger;
  readonly store: BridgeStore;
  /** Of the ledger. */
  readonly queue: string;
  readonly defaults: JobsOptions;
}

/** The way in: the job is recorded in the ledger, with what its entry in BullMQ is to be. Nothing is told to BullMQ here. */
export function createAdder({ ledger, store, queue, defaults }: AdderOptions) {
  const prepare = async ({ job, input, options = {} }: NewEntry): Promise<Prepared> => {
    const { ledger: share, kept } = partOptions(options.bullmq ?? {}, defaults, Date.now());
    const base = typeof job === "string" ? { kind: job, input } : await checked(job, input);
    return { request: { ...base, ...share, ...asked(options), queue }, kept };
  };
  const submitIn = async (tx: SqlTransaction, all: readonly Prepared[]): Promise<readonly Submitted[]> => {
    const submitted = await ledger.submitMany(
      all.map(({ request }) => request),
      { tx, actor: ACTOR },
    );
    const kept = submitted.flatMap(({ job, deduplicated }, index) => {
      const options = all[index]?.kept ?? null;
      return deduplicated === null && options !== null ? [{ jobId: job.id, options }] : [];
    });
    await store.keepOptions(tx, kept);
    return submitted;
  };
  const submit = async (all: readonly Prepared[], tx?: SqlTransaction): Promise<AddedJob[]> => {
    const [only] = all;
    const isPlain = all.length === 1 && only !== undefined && only.kept === null;
    const submitted = tx
      ? await submitIn(tx, all)
      : isPlain
        ? [await ledger.submit(only.request, { actor: ACTOR })]
        : await store.transaction((own) => submitIn(own, all));
    return submitted.map(({ job, deduplicated }) => ({ ...job, deduplicated }));
  };
  return {
    add: (async (job: AnyJobDefinition | string, input: unknown, options: AddOptions = {}) => {
      const [added] = await submit([await prepare({ job, input, options })], options.tx);
      if (added === undefined) throw new LockstepError("INTERNAL", "A submit of one job answered nothing.");
      return added;
    }) as Add,
    /** All or none, at most 10,000. */
    addBulk: async (jobs: readonly NewEntry[], options: Pick<AddOptions, "tx"> = {}) =>
      await submit(await Promise.all(jobs.map(prepare)), options.tx),
  };
}

/** The input is recorded as it was given, for it is checked again before the run. */
async function checked(definition: AnyJobDefinition, input: unknown): Promise<SubmitRequest> {
  const parsed = await definition.input.safeParseAsync(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }: { path: PropertyKey[]; message: string }) => ({
      pointer: path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
      detail: message,
    }));
    throw new LockstepError("INVALID_INPUT", `the input of ${definition.kind} is not valid`, { faults });
  }
  return {
    kind: definition.kind,
    input,
    max_attempts: definition.retry.maxAttempts,
    ...(definition.timeoutMs === null ? {} : { timeout_ms: definition.timeoutMs }),
  };
}

function asked(options: AddOptions): Partial<SubmitRequest> {
  const { priority, runAt, maxAttempts, timeout, uniqueKey, limitKey, idempotencyKey, tags } = options;
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(runAt === undefined ? {} : { run_at: runAt instanceof Date ? runAt.toISOString() : runAt }),
    ...(maxAttempts === undefined ? {} : { max_attempts: maxAttempts }),
    ...(timeout === undefined ? {} : { timeout_ms: durationMs(timeout) }),
    ...(uniqueKey === undefined ? {} : { unique_key: uniqueKey }),
    ...(limitKey === undefined ? {} : { limit_key: limitKey }),
    ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
    ...(tags === undefined ? {} : { tags }),
  };
}
