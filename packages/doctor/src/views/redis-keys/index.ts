/**
 * A Redis key for each job, such as `result:<id>`. Keys usually expire, so a missing key proves
 * nothing unless the configuration or the keys themselves show that they do not. SCAN may repeat
 * keys and cannot prove absence, so missing keys are looked up by name.
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { chunksOf, redisWriteObstacle } from "../../stores/redis-facts.js";
import { createJsonReader, type JsonReader } from "../json-fields.js";
import { lookupPages } from "../lookup-pages.js";
import { notFound, type RedisReply, replies } from "../redis-replies.js";
import { scanKeys } from "../scan-keys.js";
import { createVocabulary } from "../status-words.js";
import type { Answer, Examination, ListedJob, Summary, Unknown, Value, View, ViewTraits } from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";
import { RedisKeysConfig } from "./config.js";
import { type KeyPattern, keyPattern } from "./key-pattern.js";
import { RedisKeysWriter } from "./writer.js";

const KEYS_PER_STEP = 1_000;
/** Number of keys whose time to live is sampled. */
const SAMPLE = 200;

/** Redis keys with a common pattern: JSON strings or hashes. */
export const redisKeys: ViewType<typeof RedisKeysConfig> = {
  config: RedisKeysConfig,
  open: (options) => new RedisKeysView(options),
};

class RedisKeysView implements View {
  readonly name: string;
  readonly type = "redis-keys";
  readonly writer: RedisKeysWriter | null;
  readonly #config: RedisKeysConfig;
  readonly #redis: Redis;
  readonly #keys: KeyPattern;
  readonly #reader: JsonReader;
  /** Why the keys are never written; null: they can be. */
  readonly #onlyRead: string | null;
  #expires = true;

  constructor({ name, config, stores }: ViewOptions<RedisKeysConfig>) {
    const words = createVocabulary(config.statuses);
    this.name = name;
    this.#config = config;
    this.#redis = stores.redis(config.url);
    this.#keys = keyPattern(config.pattern);
    this.#reader = createJsonReader({ ...config, words, heartbeatMs: config.heartbeat });
    this.#onlyRead =
      config.kind === "hash"
        ? "the doctor only reads hashes of one job each"
        : config.without_status !== undefined
          ? "the doctor only reads values that may have no status"
          : null;
    this.writer =
      this.#onlyRead === null
        ? new RedisKeysWriter({ redis: this.#redis, keys: this.#keys, config, words })
        : null;
  }

  get traits(): ViewTraits {
    return {
      role: this.#config.role,
      absence: (this.#config.expires ?? this.#expires) ? "silent" : "meaningful",
      knowsLocks: false,
      keepsResults: true,
      isAuthority: false,
    };
  }

  async examine(): Promise<Examination> {
    const [, keys] = await this.#redis.scan("0", "MATCH", this.#keys.glob, "COUNT", KEYS_PER_STEP);
    const sample = keys.slice(0, SAMPLE);
    const lifetimes = await replies<number>(this.#redis, (pipeline) => {
      for (const key of sample) pipeline.pttl(key);
    });
    const expiring = lifetimes.filter((reply) => "value" in reply && reply.value >= 0).length;
    this.#expires = sample.length === 0 || expiring > 0;
    const what = this.#expires ? "a missing key proves nothing" : "a missing key was never written";
    return {
      countEstimate: null,
      writeObstacle: this.#onlyRead ?? (await redisWriteObstacle(this.#redis)),
      notes: [
        ...(this.#config.expires === undefined
          ? [
              `${this.name}: ${expiring} of ${sample.length} sampled keys expire, so ${what} (set expires to change this)`,
            ]
          : []),
        `${this.name}: times without a zone are read as ${this.#config.zone}`,
      ],
    };
  }

  pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    return lookupPages(this, signal);
  }

  async *idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    for await (const keys of scanKeys(this.#redis, this.#keys.glob, signal))
      yield keys.map((key) => this.#keys.idOf(key)).filter((id) => id !== null);
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    const found = await this.#stored(ids);
    return new Map(ids.map((id) => [id, see(id, found.get(id), ({ text }) => this.#reader.summaries(text))]));
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    const found = await this.#stored(ids);
    const lifetimes = await replies<number>(this.#redis, (pipeline) => {
      for (const id of ids) pipeline.pttl(this.#keys.keyOf(id));
    });
    return new Map(
      ids.map((id, index) => {
        const lifetime = lifetimes[index];
        const ms = lifetime && "value" in lifetime ? lifetime.value : -1;
        return [id, see(id, found.get(id), (stored) => this.#value(stored, ms))];
      }),
    );
  }

  async close(): Promise<void> {
    // The stores own the connection.
  }

  #value({ text, bytes }: Stored, lifetimeMs: number): Value | Unknown {
    if (!Buffer.from(text, "utf8").equals(bytes))
      return { state: "unknown", of: "value", why: "is not UTF-8 text" };
    const value = this.#reader.read(text);
    if (value.state === "unknown") return value;
    const evidence = lifetimeMs >= 0 ? [`expires in ${Math.round(lifetimeMs / 60_000)} min`] : [];
    return {
      ...value,
      evidence,
      fingerprint: createHash("sha1").update(bytes).digest("hex"),
      beforeImage: { value: text },
    };
  }

  async #stored(ids: readonly string[]): Promise<ReadonlyMap<string, RedisReply<Stored | null>>> {
    const found = new Map<string, RedisReply<Stored | null>>();
    for (const chunk of chunksOf(ids, KEYS_PER_STEP)) {
      const answers = await (this.#config.kind === "hash" ? this.#hashes(chunk) : this.#strings(chunk));
      for (const [index, id] of chunk.entries()) {
        const answer = answers[index];
        if (answer !== undefined) found.set(id, answer);
      }
    }
    return found;
  }

  async #strings(ids: readonly string[]): Promise<RedisReply<Stored | null>[]> {
    const answers = await replies<Buffer | null>(this.#redis, (pipeline) => {
      for (const id of ids) pipeline.getBuffer(this.#keys.keyOf(id));
    });
    return answers.map((answer) => {
      if ("unknown" in answer) return answer;
      return {
        value: answer.value === null ? null : { bytes: answer.value, text: answer.value.toString("utf8") },
      };
    });
  }

  async #hashes(ids: readonly string[]): Promise<RedisReply<Stored | null>[]> {
    const answers = await replies<Record<string, string>>(this.#redis, (pipeline) => {
      for (const id of ids) pipeline.hgetall(this.#keys.keyOf(id));
    });
    return answers.map((answer) => {
      if ("unknown" in answer) return answer;
      if (Object.keys(answer.value).length === 0) return { value: null };
      const text = JSON.stringify(answer.value);
      return { value: { text, bytes: Buffer.from(text, "utf8") } };
    });
  }
}

interface Stored {
  readonly text: string;
  readonly bytes: Buffer;
}

function see<V>(
  id: string,
  reply: RedisReply<Stored | null> | undefined,
  read: (stored: Stored) => V | Unknown,
): Answer<V> {
  if (reply === undefined) return { state: "unknown", of: "store", why: "Redis gave no answer" };
  if ("unknown" in reply) return reply.unknown;
  return reply.value === null ? notFound(id) : read(reply.value);
}
