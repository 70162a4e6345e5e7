/**
 * Celery's tasks. The state of a finished task is in its result, `celery-task-meta-<id>`. For a
 * task without a result, Redis has only the message: in the list of its queue, or among the
 * messages that a worker took and did not acknowledge.
 *
 * A running task may be nowhere in Redis: workers acknowledge it before they start it (unless
 * `task_acks_late`) and write no result before it ends (unless `task_track_started`), and results
 * expire after a day. So a missing task proves nothing here. The view only reads: results belong to
 * the programs that wait for them.
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { chunksOf } from "../../stores/redis-facts.js";
import type { SharedLookups } from "../list-members.js";
import { lookupPages } from "../lookup-pages.js";
import { type RedisReply, replies } from "../redis-replies.js";
import { literalGlob, scanKeys } from "../scan-keys.js";
import { createVocabulary, type Vocabulary } from "../status-words.js";
import {
  ABSENT,
  type Absent,
  type Answer,
  type Examination,
  type ListedJob,
  type Summary,
  type Unknown,
  type Value,
  type View,
  type ViewTraits,
} from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";
import { CeleryConfig } from "./config.js";
import { type CeleryResult, decodeResult, QUEUED, RESERVED } from "./decode.js";
import { createQueues, type QueuedTasks } from "./queues.js";

const KEYS_PER_STEP = 500;

/** Celery's tasks (Python), as far as Redis holds them. */
export const celery: ViewType<typeof CeleryConfig> = {
  config: CeleryConfig,
  open: (options) => new CeleryView(options),
};

class CeleryView implements View {
  readonly name: string;
  readonly type = "celery";
  readonly traits: ViewTraits = {
    role: "queue",
    absence: "silent",
    knowsLocks: false,
    keepsResults: true,
    isAuthority: false,
  };
  readonly writer = null;
  readonly #config: CeleryConfig;
  readonly #redis: Redis;
  readonly #broker: Redis;
  readonly #words: Vocabulary;
  readonly #queues: SharedLookups<QueuedTasks>;

  constructor({ name, config, stores }: ViewOptions<CeleryConfig>) {
    this.name = name;
    this.#config = config;
    this.#redis = stores.redis(config.url);
    this.#broker = stores.redis(config.broker_url ?? config.url);
    this.#words = createVocabulary(config.statuses);
    this.#queues = createQueues(this.#broker, config.queues);
  }

  async examine(): Promise<Examination> {
    await this.#redis.ping();
    await this.#broker.ping();
    return {
      countEstimate: null,
      writeObstacle: "the doctor only reads Celery's results",
      notes: [
        `${this.name}: a missing task proves nothing, because results expire and running tasks may be nowhere in Redis`,
        `${this.name}: times are read as UTC`,
      ],
    };
  }

  pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    return lookupPages(this, signal);
  }

  /** Reads queues before results, so that a task that ends meanwhile is found in the results. */
  async *idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    const { waiting, reserved } = await this.#queues.recent("all");
    yield* chunksOf([...waiting.keys(), ...reserved], KEYS_PER_STEP);
    const { prefix } = this.#config;
    for await (const keys of scanKeys(this.#redis, `${literalGlob(prefix)}*`, signal))
      yield keys.map((key) => key.slice(prefix.length));
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    const tasks = await this.#tasks(ids, "recent");
    return new Map([...tasks].map(([id, task]) => [id, "state" in task ? task : this.#summaries(task)]));
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    const tasks = await this.#tasks(ids, "fresh");
    const lifetimes = await replies<number>(this.#redis, (pipeline) => {
      for (const id of ids) pipeline.pttl(`${this.#config.prefix}${id}`);
    });
    const msOf = new Map(ids.map((id, index) => [id, lifetimes[index]]));
    return new Map(
      [...tasks].map(([id, task]) => {
        const lifetime = msOf.get(id);
        const ms = lifetime && "value" in lifetime ? lifetime.value : -1;
        return [id, "state" in task ? task : this.#value(task, ms)];
      }),
    );
  }

  async close(): Promise<void> {
    // The stores own the connections.
  }

  async #tasks(
    ids: readonly string[],
    age: keyof SharedLookups<unknown>,
  ): Promise<ReadonlyMap<string, Task | Absent | Unknown>> {
    const tasks = new Map<string, Task | Absent | Unknown>();
    const queued = await this.#queues[age]("all");
    for (const chunk of chunksOf(ids, KEYS_PER_STEP)) {
      const texts = await replies<string | null>(this.#redis, (pipeline) => {
        for (const id of chunk) pipeline.get(`${this.#config.prefix}${id}`);
      });
      for (const [index, id] of chunk.entries()) tasks.set(id, taskOf(id, texts[index], queued));
    }
    return tasks;
  }

  #summaries({ word, result, queue }: Task): Summary {
    const summaries: Summary = {
      state: "value",
      word,
      status: this.#words.statusOf(word),
      result: result?.result,
    };
    return queue === null ? summaries : { ...summaries, isQueued: true };
  }

  #value(task: Task, lifetimeMs: number): Value {
    const { result } = task;
    return {
      ...this.#summaries(task),
      createdAt: null,
      startedAt: null,
      finishedAt: result?.finishedAt ?? null,
      updatedAt: result?.finishedAt ?? null,
      resultJson: result?.resultJson,
      errorJson: result?.errorJson,
      attempt: result?.attempt ?? null,
      evidence: evidenceOf(task, lifetimeMs),
      fingerprint: createHash("sha1").update(task.text).digest("hex"),
      beforeImage: null,
    };
  }
}

/** One task, read from its result or, if there is none, from its message. */
interface Task {
  readonly word: string;
  readonly result: CeleryResult | null;
  readonly text: string;
  /** The queue whose list contains its message. */
  readonly queue: string | null;
  readonly isReserved: boolean;
}

function taskOf(
  id: string,
  reply: RedisReply<string | null> | undefined,
  queued: QueuedTasks,
): Task | Absent | Unknown {
  if (reply === undefined) return { state: "unknown", of: "store", why: "Redis gave no answer" };
  if ("unknown" in reply) return reply.unknown;
  const queue = queued.waiting.get(id) ?? null;
  const isReserved = queued.reserved.has(id);
  if (reply.value === null) {
    if (queue === null && !isReserved) return ABSENT;
    const word = queue === null ? RESERVED : QUEUED;
    return { word, result: null, text: word, queue, isReserved };
  }
  const decoded = decodeResult(reply.value);
  if ("why" in decoded) return { state: "unknown", of: "value", why: decoded.why };
  return { word: decoded.value.word, result: decoded.value, text: reply.value, queue, isReserved };
}

function evidenceOf({ queue, isReserved, result }: Task, lifetimeMs: number): string[] {
  return [
    ...(queue === null ? [] : [`in the list of the queue ${JSON.stringify(queue)}`]),
    ...(isReserved ? ["taken by a worker and not acknowledged"] : []),
    ...(result?.finishedAt ? [`done at ${result.finishedAt}`] : []),
    ...(lifetimeMs > 0 ? [`its result expires in ${Math.round(lifetimeMs / 60_000)} min`] : []),
  ];
}
