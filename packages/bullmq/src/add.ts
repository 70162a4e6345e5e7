import type { JobsOptions } from "bullmq";
import { LockstepError } from "lockstep/internal/errors";
import {
  type AnyJobDefinition,
  assertInput,
  type Job,
  type JobDefinition,
  type Json,
  kindFields,
  type SqlTransaction,
  type SubmitJobOptions,
  submitFieldsOf,
} from "lockstep/internal/job";
import type { BridgeStore, Ledger, SubmitRequest, Submitted } from "lockstep/internal/ledger";
import type { z } from "zod";
import { partOptions } from "./job-options.js";

const ACTOR = "bullmq";

/**
 * The options of a normal submit. BullMQ's own options for priority, time or attempts apply where
 * these are not set.
 */
export interface AddOptions extends Omit<SubmitJobOptions, "queue"> {
  /** BullMQ's own options for the entry, such as `lifo` or `removeOnComplete`. */
  readonly bullmq?: JobsOptions;
}

export interface AddedJob extends Job {
  /** The key by which an earlier job was found; null when this call created the job. */
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
  /** The ledger's queue. */
  readonly queue: string;
  readonly defaults: JobsOptions;
}

/**
 * Creates `add`: records the job in the ledger, together with the data for its BullMQ entry. It
 * does not write to BullMQ.
 */
export function createAdder({ ledger, store, queue, defaults }: AdderOptions) {
  const prepare = async ({ job, input, options = {} }: NewEntry): Promise<Prepared> => {
    const { ledger: share, kept } = partOptions(options.bullmq ?? {}, defaults, Date.now());
    if (typeof job !== "string") await assertInput(job, input);
    const [kind, ofKind] = typeof job === "string" ? [job, {}] : [job.kind, { defaults: kindFields(job) }];
    return { request: { kind, input, ...ofKind, ...share, ...submitFieldsOf(options), queue }, kept };
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
    /** All or none, at most 10,000 jobs. */
    addBulk: async (jobs: readonly NewEntry[], options: Pick<AddOptions, "tx"> = {}) =>
      await submit(await Promise.all(jobs.map(prepare)), options.tx),
  };
}
