import { resolve } from "node:path";
import { pino } from "pino";
import { LockstepError } from "../errors.js";
import { attachInternals } from "../internals.js";
import {
  type AnyJobDefinition,
  assertInput,
  durationMs,
  isTerminal,
  type Job,
  kindFields,
  type SubmitJobOptions,
  submitFieldsOf,
} from "../job/index.js";
import { openRuntime, type Runtime } from "../runtime.js";
import { SETTINGS } from "../settings.js";
import type { CompletedJob, Lockstep, LockstepOptions, SubmittedJob, WaitOptions } from "./contract.js";

const ACTOR = "library";
const LEASE_SECONDS = 30;
const CONCURRENCY = 10;
const WAIT_ROUND_MS = 60_000;

/** The implementation of `createLockstep`, loaded on first use. */
export async function openLockstep(options: LockstepOptions): Promise<Lockstep> {
  assertValidInputs(options);
  const definitions = new Map(options.jobs.map((definition) => [definition.kind, definition]));
  if (definitions.size !== options.jobs.length) throw new RangeError("two definitions have the same kind");
  const logger = options.logger ?? pino({ level: "warn" }, pino.destination(2));
  const databaseUrl = options.databaseUrl ?? null;
  const leaseSeconds = options.lease === undefined ? LEASE_SECONDS : durationMs(options.lease) / 1_000;
  const dataDir = resolve(options.dataDir ?? ".lockstep");
  const parts = await openRuntime({
    databaseUrl,
    ...(options.schema === undefined ? {} : { schema: options.schema }),
    redisUrl: options.redisUrl ?? null,
    dataDir,
    leaseSeconds,
    logger,
  });
  try {
    await parts.recordKinds(options.jobs);
    if (options.project !== false) await parts.startProjector();
  } catch (error) {
    await parts.close();
    throw error;
  }
  const { ledger } = parts;
  let closed = false;
  // Set only after everything is closed: a handler may submit while its worker lets it finish.
  const open = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
    closed ? Promise.reject(new LockstepError("SHUTTING_DOWN", "This Lockstep was closed.")) : work();
  const lockstep: Omit<Lockstep, "submit" | "wait"> = {
    get: (id) => open(() => ledger.get(id)),
    cancel: (id) => open(() => ledger.cancel(id, { actor: ACTOR })),
    retry: (id) => open(() => ledger.requeue(id, { actor: ACTOR })),
    list: (filter = {}) => open(() => ledger.list(filter)),
    close: async () => {
      await parts.close();
      closed = true;
    },
    work: ({ concurrency = CONCURRENCY, queues = [] } = {}) =>
      open(() => parts.startWorker({ definitions: options.jobs, concurrency, queues })),
  };
  // The overloads of Lockstep say more about the types than one implementation of them can.
  const whole = {
    ...lockstep,
    submit: (job: AnyJobDefinition | string, input: unknown, how?: SubmitJobOptions) =>
      open(() => submit(parts, typeof job === "string" ? (definitions.get(job) ?? job) : job, input, how)),
    wait: (job: Job | string, how?: WaitOptions) =>
      open(() => wait(parts, typeof job === "string" ? job : job.id, how)),
  } as Lockstep;
  const { database, files } = parts;
  return attachInternals(whole, { ledger, database, files, databaseUrl, leaseSeconds, logger });
}

/** An invalid address is never repeated in the message: it may contain a password. */
function assertValidInputs(options: LockstepOptions): void {
  const issues = (["databaseUrl", "redisUrl"] as const).flatMap((name) => {
    const checked = SETTINGS[name].schema.optional().safeParse(options[name]);
    return checked.success ? [] : [`${name} ${checked.error.issues[0]?.message}`];
  });
  if (!Array.isArray(options.jobs)) issues.push("jobs must be a list of what defineJob returned");
  if (issues.length > 0) throw new LockstepError("INVALID_CONFIG", issues.join("; "));
}

async function submit(
  parts: Runtime,
  job: AnyJobDefinition | string,
  input: unknown,
  options: SubmitJobOptions = {},
): Promise<SubmittedJob<unknown>> {
  if (typeof job !== "string") await assertInput(job, input);
  const ofKind = typeof job === "string" ? {} : { defaults: kindFields(job) };
  const kind = typeof job === "string" ? job : job.kind;
  const { job: row, deduplicated } = await parts.ledger.submit(
    { kind, input, ...ofKind, ...submitFieldsOf(options) },
    { actor: ACTOR, ...(options.tx ? { tx: options.tx } : {}) },
  );
  return { ...row, deduplicated } as SubmittedJob<unknown>;
}

async function wait(
  { ledger }: Runtime,
  id: string,
  { timeout, signal }: WaitOptions = {},
): Promise<CompletedJob<unknown>> {
  const endMs = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + durationMs(timeout);
  for (;;) {
    const timeoutMs = Math.max(0, Math.min(WAIT_ROUND_MS, endMs - performance.now()));
    const job = await ledger.wait(id, { timeoutMs, ...(signal ? { signal } : {}) });
    if (!job) throw new LockstepError("JOB_NOT_FOUND", `there is no job ${id}`);
    if (isTerminal(job.status)) return completed(job);
    signal?.throwIfAborted();
    if (performance.now() >= endMs)
      throw new LockstepError("WAIT_TIMEOUT", `job ${id} is still ${job.status}`);
  }
}

function completed(job: Job): CompletedJob<unknown> {
  if (job.archive?.readable === false)
    throw new LockstepError(
      "ARCHIVED",
      `job ${job.id} was archived, and ${job.archive.file} cannot be read here`,
    );
  if (job.status === "completed") return job as CompletedJob<unknown>;
  if (job.status === "cancelled") throw new LockstepError("JOB_CANCELLED", `job ${job.id} was cancelled`);
  const { name, message } = job.error ?? { name: "Error", message: "unknown" };
  throw new LockstepError("JOB_FAILED", `job ${job.id} failed: ${name}: ${message}`, { cause: job.error });
}
