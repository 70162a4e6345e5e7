import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { LockstepError } from "lockstep/internal/errors";
import { chunksOf, pipelined, redisWriteObstacle } from "../../stores/redis-facts.js";
import { createJsonReader, type JsonReader } from "../json-fields.js";
import { notFound } from "../redis-replies.js";
import { createVocabulary } from "../status-words.js";
import type { Answer, Examination, ListedJob, Summary, Value, View } from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";
import { RedisHashConfig } from "./config.js";
import { createLists, type ListMembers, type Lists } from "./lists.js";
import { hashIdPages, hashPages } from "./pages.js";
import { listKeys, RedisHashWriter } from "./writer.js";

/** Ids per HMGET: well under a millisecond of server time. */
const IDS_PER_COMMAND = 200;

/** A Redis hash of JSON, with lists of the pending and the running ids beside it. */
export const redisHash: ViewType<typeof RedisHashConfig> = {
  config: RedisHashConfig,
  open: (options) => new RedisHashView(options),
};

class RedisHashView implements View {
  readonly name: string;
  readonly type = "redis-hash";
  readonly traits: View["traits"];
  readonly writer: RedisHashWriter;
  readonly #config: RedisHashConfig;
  readonly #redis: Redis;
  readonly #reader: JsonReader;
  readonly #lists: Lists;

  constructor({ name, config, stores }: ViewOptions<RedisHashConfig>) {
    const words = createVocabulary(config.statuses);
    this.name = name;
    this.traits = {
      role: "queue",
      absence: "meaningful",
      knowsLocks: config.lists.processing !== undefined,
      keepsResults: true,
      isAuthority: false,
    };
    this.#config = config;
    this.#redis = stores.redis(config.url);
    this.#reader = createJsonReader({ ...config, words, heartbeatMs: config.heartbeat });
    this.#lists = createLists(this.#redis, config.lists);
    this.writer = new RedisHashWriter(this.#redis, config, words);
  }

  async examine(): Promise<Examination> {
    const { key } = this.#config;
    const type = await this.#redis.type(key);
    if (type !== "hash" && type !== "none")
      throw new LockstepError(
        "VIEW_MISMATCH",
        `view ${this.name}: the key ${key} is a ${type}, not a hash: check the configuration`,
      );
    for (const list of Object.values(this.#config.lists)) {
      if (list === undefined) continue;
      const listType = await this.#redis.type(list);
      if (listType !== "list" && listType !== "none")
        throw new LockstepError(
          "VIEW_MISMATCH",
          `view ${this.name}: the key ${list} is a ${listType}, not a list: check the configuration`,
        );
    }
    return {
      countEstimate: await this.#redis.hlen(key),
      writeObstacle: await redisWriteObstacle(this.#redis),
      notes: [
        ...(type === "none" ? [`${this.name}: the key ${key} does not exist`] : []),
        `${this.name}: times without a zone are read as ${this.#config.zone}`,
      ],
    };
  }

  async *pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    for await (const entries of hashPages(this.#redis, this.#config.key, signal)) {
      const lists = await this.#lists.recent();
      yield entries.map(([id, text]) => ({
        id,
        answer: this.#seen(id, this.#reader.summaries(text), lists),
      }));
    }
  }

  idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    return hashIdPages(this.#redis, this.#config.key, signal);
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    const lists = await this.#lists.recent();
    const chunks = [...chunksOf(ids, IDS_PER_COMMAND)];
    const texts = await pipelined<(string | null)[]>(this.#redis, (pipeline) => {
      for (const chunk of chunks) pipeline.hmget(this.#config.key, ...chunk);
    });
    return answersOf(chunks, texts, (id, text) => this.#seen(id, this.#reader.summaries(text), lists));
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    const lists = await this.#lists.now();
    const chunks = [...chunksOf(ids, IDS_PER_COMMAND)];
    const texts = await pipelined<(Buffer | null)[]>(this.#redis, (pipeline) => {
      for (const chunk of chunks) pipeline.hmgetBuffer(this.#config.key, ...chunk);
    });
    const places = await this.#places(ids, lists);
    return answersOf(chunks, texts, (id, bytes) => this.#read({ id, bytes, lists, places: places.get(id) }));
  }

  async close(): Promise<void> {
    // The stores own the connection.
  }

  #read({ id, bytes, lists, places }: Found): Answer<Value> {
    const text = bytes.toString("utf8");
    if (!Buffer.from(text, "utf8").equals(bytes))
      return { state: "unknown", of: "value", why: "is not UTF-8 text" };
    const value = this.#seen(id, this.#reader.read(text), lists);
    if (value.state !== "value") return value;
    const { pending, processing } = this.#config.lists;
    return {
      ...value,
      evidence: [
        ...(lists.pending?.has(id) ? [`in the list ${pending}`] : []),
        ...(lists.processing?.has(id) ? [`in the list ${processing}`] : []),
        ...(value.isQueued === false ? ["in none of the lists, so no worker will find it"] : []),
      ],
      fingerprint: createHash("sha1").update(bytes).digest("hex"),
      beforeImage: { value: text, places: places ?? listKeys(this.#config).map(() => -1) },
    };
  }

  /** The positions of the ids in the lists, so that they can be put back there. */
  async #places(ids: readonly string[], lists: ListMembers): Promise<ReadonlyMap<string, readonly number[]>> {
    const listed = ids.filter((id) => lists.pending?.has(id) || lists.processing?.has(id));
    const keys = listKeys(this.#config);
    const places = await pipelined<number | null>(this.#redis, (pipeline) => {
      for (const id of listed) for (const key of keys) pipeline.lpos(key, id);
    });
    return new Map(
      listed.map((id, index) => [
        id,
        places.slice(index * keys.length, (index + 1) * keys.length).map((place) => place ?? -1),
      ]),
    );
  }

  /** Adds what the lists show about the job. */
  #seen<V extends Summary>(id: string, answer: Answer<V>, lists: ListMembers): Answer<V> {
    if (answer.state !== "value" || (answer.status !== "pending" && answer.status !== "running"))
      return answer;
    const isListed = lists.pending?.has(id) || lists.processing?.has(id);
    if (answer.status === "pending")
      return lists.pending === null ? answer : { ...answer, isQueued: isListed === true };
    if (answer.lock !== undefined || lists.processing === null || lists.processing.has(id)) return answer;
    return { ...answer, lock: "gone" };
  }
}

interface Found {
  readonly id: string;
  readonly bytes: Buffer;
  readonly lists: ListMembers;
  readonly places: readonly number[] | undefined;
}

function answersOf<Raw, V>(
  chunks: readonly (readonly string[])[],
  raws: readonly (readonly (Raw | null)[])[],
  see: (id: string, raw: Raw) => Answer<V>,
): ReadonlyMap<string, Answer<V>> {
  const answers = new Map<string, Answer<V>>();
  for (const [index, chunk] of chunks.entries()) {
    const values = raws[index] ?? [];
    for (const [place, id] of chunk.entries()) {
      const raw = values[place] ?? null;
      answers.set(id, raw === null ? notFound(id) : see(id, raw));
    }
  }
  return answers;
}
