/**
 * One queue of BullMQ. A job's state is given by the list or set that holds its id, and by its
 * hash. inspect.lua reads both atomically and decides as BullMQ's own `getState` does.
 *
 * BullMQ's library is not used to read. Opening a `Queue` writes to it, and listing removes an old
 * marker of version 4 from the waiting list, which would have woken a worker of that version. A
 * check must change nothing. The library is used to add a lost job (enqueue.ts), because that
 * differs between versions.
 */
import type { Redis } from "ioredis";
import { LockstepError } from "lockstep/internal/errors";
import { redisWriteObstacle } from "../../stores/redis-facts.js";
import { listMembers, type SharedLookups, sharedLookups } from "../list-members.js";
import { lookupPages } from "../lookup-pages.js";
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
import { BullmqConfig } from "./config.js";
import { queueEntries } from "./entries.js";
import { type Inspected, inspect } from "./inspect.js";
import {
  attemptOf,
  type BullmqJob,
  errorOf,
  evidenceOf,
  fingerprintOf,
  resultOf,
  timeOf,
} from "./job-hash.js";
import { findRemoval, type Removal } from "./kept-jobs.js";
import { type QueueKeys, queueKeys } from "./queue-keys.js";
import { isMarker, isQueued, UNLISTED } from "./states.js";
import { BullmqWriter } from "./writer.js";

/**
 * Maximum length of the waiting lists that the script searches for each of the few suspect jobs.
 */
const LIST_LENGTH_MAX = 10_000;

/** A queue of BullMQ 4 to 6, in Redis. */
export const bullmq: ViewType<typeof BullmqConfig> = {
  config: BullmqConfig,
  open: (options) => new BullmqView(options),
};

class BullmqView implements View {
  readonly name: string;
  readonly type = "bullmq";
  readonly writer: BullmqWriter;
  readonly #config: BullmqConfig;
  readonly #redis: Redis;
  readonly #keys: QueueKeys;
  readonly #words: Vocabulary;
  readonly #waiting: SharedLookups<ReadonlySet<string> | null>;
  #removal: Removal | null = null;

  constructor({ name, config, stores }: ViewOptions<BullmqConfig>) {
    this.name = name;
    this.#config = config;
    this.#redis = stores.redis(config.url);
    this.#keys = queueKeys(config.prefix, config.queue);
    this.#words = createVocabulary(config.statuses);
    this.#waiting = sharedLookups(() => this.#waitingIds());
    this.writer = new BullmqWriter({ redis: this.#redis, keys: this.#keys, config, words: this.#words });
  }

  get traits(): ViewTraits {
    const keepsFinished = this.#config.keeps_finished ?? this.#removal?.isKept ?? false;
    return {
      role: "queue",
      absence: keepsFinished ? "meaningful" : "silent",
      knowsLocks: true,
      keepsResults: true,
      isAuthority: false,
    };
  }

  async examine(): Promise<Examination> {
    const { meta } = this.#keys;
    const type = await this.#redis.type(meta);
    if (type !== "hash" && type !== "none")
      throw new LockstepError(
        "VIEW_MISMATCH",
        `view ${this.name}: the key ${meta} is a ${type}, not BullMQ's hash: check the queue and the prefix`,
      );
    this.#removal = await findRemoval(this.#redis, this.#keys);
    const version = await this.#redis.hget(meta, "version");
    return {
      countEstimate: this.#removal.count,
      writeObstacle: await redisWriteObstacle(this.#redis),
      notes: [
        ...(type === "none"
          ? [
              `${this.name}: there is no queue ${this.#config.queue} in this database: check the queue and the prefix`,
            ]
          : []),
        ...(version === null ? [] : [`${this.name}: written by ${version}`]),
        ...(this.#config.keeps_finished === undefined ? [`${this.name}: ${this.#removal.why}`] : []),
      ],
    };
  }

  pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    return lookupPages(this, signal);
  }

  idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    return queueEntries(this.#redis, this.#keys, signal);
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    const found = await inspect(this.#redis, this.#keys, ids, { listLengthMax: 0, fields: "result" });
    const waiting = () => this.#waiting.recent("all");
    return this.#answers({ ids, found, waiting }, (_job, summaries) => summaries);
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    const options = { listLengthMax: LIST_LENGTH_MAX, fields: "all" } as const;
    const found = await inspect(this.#redis, this.#keys, ids, options);
    const waiting = () => this.#waiting.fresh("all");
    return this.#answers({ ids, found, waiting }, jobValue);
  }

  async close(): Promise<void> {
    await this.writer.close();
  }

  async #answers<V>(
    { ids, found, waiting }: LookedUp,
    see: (job: BullmqJob, summaries: Summary) => V,
  ): Promise<ReadonlyMap<string, Answer<V>>> {
    const answers = new Map<string, Answer<V>>();
    for (const id of ids) {
      const job = found.get(id) ?? null;
      if (job === null) answers.set(id, ABSENT);
      else if ("otherType" in job)
        answers.set(id, { state: "unknown", of: "value", why: `its key is a ${job.otherType}, not a hash` });
      else answers.set(id, see(job, await this.#summaries(id, job, waiting)));
    }
    return answers;
  }

  async #summaries(id: string, job: BullmqJob, waiting: LookedUp["waiting"]): Promise<Summary> {
    const { state, hasLock, isStateSure } = job;
    const summaries: Summary = {
      state: "value",
      word: state,
      status: this.#words.statusOf(state),
      result: state === "completed" ? resultOf(job.fields)?.parsed : undefined,
    };
    if (state === "active") return { ...summaries, lock: hasLock ? "held" : "gone" };
    if (state === UNLISTED) return { ...summaries, isQueued: false };
    if (!isQueued(state)) return summaries;
    if (isStateSure) return { ...summaries, isQueued: true };
    const listed = await waiting();
    return listed === null ? summaries : { ...summaries, isQueued: listed.has(id) };
  }

  /** null: the lists are too long to search. */
  async #waitingIds(): Promise<ReadonlySet<string> | null> {
    const ids = new Set<string>();
    for (const key of this.#keys.places.slice(0, 2)) {
      const members = await listMembers({
        redis: this.#redis,
        key,
        idOf: (entry) => (isMarker(entry) ? null : entry),
      });
      if (members === null) return null;
      for (const id of members) ids.add(id);
    }
    return ids;
  }
}

interface LookedUp {
  readonly ids: readonly string[];
  readonly found: ReadonlyMap<string, Inspected>;
  /** The ids in the waiting lists; null: too many to read. */
  waiting(): Promise<ReadonlySet<string> | null>;
}

function jobValue(job: BullmqJob, summaries: Summary): Value {
  const { fields } = job;
  const finishedAt = timeOf(fields, "finishedOn");
  const startedAt = timeOf(fields, "processedOn");
  return {
    ...summaries,
    createdAt: timeOf(fields, "timestamp"),
    startedAt,
    finishedAt,
    updatedAt: finishedAt ?? startedAt ?? timeOf(fields, "timestamp"),
    resultJson: job.state === "completed" ? resultOf(fields)?.json : undefined,
    errorJson: job.state === "failed" ? errorOf(fields) : undefined,
    attempt: attemptOf(fields),
    evidence: evidenceOf(job),
    fingerprint: fingerprintOf(job),
    beforeImage: {
      state: job.state,
      score: job.score,
      isPaused: job.isPaused,
      fields: Object.fromEntries(fields),
    },
  };
}
