/**
 * RQ's jobs. A job's hash `rq:job:<id>` is authoritative; the list of its queue shows whether it
 * waits, and the registry `rq:wip:<queue>` shows whether its worker is alive.
 *
 * RQ pickles the call and its result, and a pickle can run code in the program that reads it.
 * Pickles are never read, so this view has statuses and times but no results. The view only reads:
 * RQ changes a job in several places at once, and these differ between its versions.
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { LockstepError } from "lockstep/internal/errors";
import { chunksOf } from "../../stores/redis-facts.js";
import type { SharedLookups } from "../list-members.js";
import { lookupPages } from "../lookup-pages.js";
import { type RedisReply, replies } from "../redis-replies.js";
import { literalGlob, scanKeys } from "../scan-keys.js";
import { createVocabulary, type Vocabulary } from "../status-words.js";
import {
  ABSENT,
  type Answer,
  type Examination,
  type ListedJob,
  type Summary,
  type Value,
  type View,
  type ViewTraits,
} from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";
import { RqConfig } from "./config.js";
import { decodeJob, FIELDS, lockOf, type RqJob, WORD_IN_LIST } from "./decode.js";
import { type Age, createLiveness, type Liveness } from "./liveness.js";

const KEY_PREFIX = "rq:job:";
/** Beside a job's hash, RQ keeps the set of the jobs that depend on it. */
const NOT_A_JOB = ":dependents";
const KEYS_PER_STEP = 1_000;

/** The jobs of RQ (Python), read and never unpickled. */
export const rq: ViewType<typeof RqConfig> = {
  config: RqConfig,
  open: (options) => new RqView(options),
};

class RqView implements View {
  readonly name: string;
  readonly type = "rq";
  readonly traits: ViewTraits = {
    role: "queue",
    // A finished job's hash expires, by default after 500 s.
    absence: "silent",
    knowsLocks: true,
    keepsResults: false,
    isAuthority: false,
  };
  readonly writer = null;
  readonly #redis: Redis;
  readonly #words: Vocabulary;
  readonly #queues: ReadonlySet<string> | null;
  readonly #liveness: SharedLookups<Liveness>;

  constructor({ name, config, stores }: ViewOptions<RqConfig>) {
    this.name = name;
    this.#redis = stores.redis(config.url);
    this.#words = createVocabulary(config.statuses);
    this.#queues = config.queues ? new Set(config.queues) : null;
    this.#liveness = createLiveness(this.#redis);
  }

  async examine(): Promise<Examination> {
    const type = await this.#redis.type("rq:queues");
    if (type !== "set" && type !== "none")
      throw new LockstepError(
        "VIEW_MISMATCH",
        `view ${this.name}: the key rq:queues is a ${type}, not RQ's set`,
      );
    return {
      countEstimate: null,
      writeObstacle: "the doctor only reads RQ's jobs",
      notes: [
        ...(type === "none" ? [`${this.name}: RQ has no queue in this database`] : []),
        `${this.name}: results are pickled and not read; expired jobs cannot be compared`,
      ],
    };
  }

  pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    return lookupPages(this, signal);
  }

  async *idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    for await (const keys of scanKeys(this.#redis, `${literalGlob(KEY_PREFIX)}*`, signal))
      yield keys.filter((key) => !key.endsWith(NOT_A_JOB)).map((key) => key.slice(KEY_PREFIX.length));
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    return this.#answers(ids, async (id, job) => this.#summaries(id, job, "recent"));
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    return this.#answers(ids, async (id, job, fields) => {
      const summaries = await this.#summaries(id, job, "fresh");
      return {
        ...summaries,
        createdAt: job.createdAt,
        startedAt: job.startedAt,
        finishedAt: job.finishedAt,
        updatedAt: job.finishedAt ?? job.startedAt ?? job.createdAt,
        attempt: null,
        evidence: evidenceOf(job, summaries),
        fingerprint: createHash("sha1").update(JSON.stringify(fields)).digest("hex"),
        beforeImage: null,
      };
    });
  }

  async close(): Promise<void> {
    // The stores own the connection.
  }

  async #answers<V>(ids: readonly string[], see: See<V>): Promise<ReadonlyMap<string, Answer<V>>> {
    const answers = new Map<string, Answer<V>>();
    for (const chunk of chunksOf(ids, KEYS_PER_STEP)) {
      const found = await replies<(string | null)[]>(this.#redis, (pipeline) => {
        for (const id of chunk) pipeline.hmget(`${KEY_PREFIX}${id}`, ...FIELDS);
      });
      for (const [index, id] of chunk.entries()) answers.set(id, await this.#answer(id, found[index], see));
    }
    return answers;
  }

  async #answer<V>(
    id: string,
    reply: RedisReply<(string | null)[]> | undefined,
    see: See<V>,
  ): Promise<Answer<V>> {
    if (reply === undefined) return { state: "unknown", of: "store", why: "Redis gave no answer" };
    if ("unknown" in reply) return reply.unknown;
    const job = decodeJob(reply.value);
    if (job === null)
      return reply.value.some((field) => field !== null)
        ? { state: "unknown", of: "value", why: "is a hash without a status" }
        : ABSENT;
    if (this.#queues !== null && !this.#queues.has(job.origin)) return ABSENT;
    return see(id, job, reply.value);
  }

  async #summaries(id: string, job: RqJob, age: Age): Promise<Summary> {
    const status = this.#words.statusOf(job.word);
    const summaries: Summary = { state: "value", word: job.word, status };
    if (status === "running") {
      const { running, nowSeconds } = await this.#liveness[age](job.origin);
      return running === null ? summaries : { ...summaries, lock: lockOf(job, id, running, nowSeconds) };
    }
    if (job.word !== WORD_IN_LIST) return summaries;
    const waiting = await (await this.#liveness[age](job.origin)).waiting(age);
    return waiting === null ? summaries : { ...summaries, isQueued: waiting.has(id) };
  }
}

type See<V> = (id: string, job: RqJob, fields: readonly (string | null)[]) => Promise<V & { state: "value" }>;

function evidenceOf(job: RqJob, summaries: Summary): string[] {
  const queue = JSON.stringify(job.origin);
  return [
    ...(job.workerName === null ? [] : [`RQ's worker ${JSON.stringify(job.workerName)} ran it`]),
    ...(job.heartbeatAt === null ? [] : [`last heartbeat ${job.heartbeatAt}`]),
    ...(summaries.lock === "gone"
      ? [`in the registry of running jobs of ${queue} it is missing or overdue`]
      : []),
    ...(summaries.isQueued === true ? [`in the list of the queue ${queue}`] : []),
    ...(summaries.isQueued === false
      ? [`not in the list of the queue ${queue}, so no worker will find it`]
      : []),
    ...(job.hasErrorText ? ["RQ keeps a traceback of it"] : []),
  ];
}
