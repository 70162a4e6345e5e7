import type { Redis } from "ioredis";
import { listMembers } from "../views/list-members.js";
import { type Candidate, SAMPLE_IDS_MAX } from "./candidate.js";
import { areBareResults, readDocuments } from "./documents.js";
import type { WordCount } from "./guess.js";
import { type KeyShape, shapeOf } from "./key-family.js";

/** Maximum number of keys to look at; a larger database is sampled. */
const KEYS_MAX = 100_000;
const FAMILIES_MAX = 200;
const VALUES_MAX = 200;
/**
 * Minimum number of sibling keys whose last parts do not look like ids: from here on they may be
 * jobs with names.
 */
const NAMED_MIN = 5;

/**
 * Names of keys that hold results: where their values have no status, each stands for a completed
 * job.
 */
const RESULT_KEYS = /result|output/i;
const BARE: WordCount = { word: "completed", count: 0, status: "completed" };

/** Keys whose names have the same pattern. */
interface Family {
  readonly keys: string[];
  readonly ids: string[];
  count: number;
}

export interface RedisSurvey {
  readonly candidates: readonly Candidate[];
  readonly keysSeen: number;
  /** Only some of the keys were looked at. */
  readonly isSample: boolean;
}

/**
 * Looks for jobs in a Redis database: first known systems, then JSON with a status. Only reads,
 * with SCAN and small samples.
 */
export async function surveyRedis(redis: Redis): Promise<RedisSurvey> {
  const { families, single, keysSeen, isSample } = await scan(redis);
  const names = [...single, ...families.keys()];
  const known = [
    ...(await findBullmq(redis, single)),
    ...findRq(names, families),
    ...findCelery(names, families),
  ];
  const others = single.filter((key) => !isOfKnownSystem(key, known));
  const candidates = [...known];
  for (const key of others.slice(0, FAMILIES_MAX)) {
    const found = (await redis.type(key)) === "hash" ? await jsonHash(redis, key, others) : null;
    if (found !== null) candidates.push(found);
  }
  for (const [pattern, family] of [...families, ...namedFamilies(others)].slice(0, FAMILIES_MAX)) {
    if (isOfKnownSystem(pattern, known)) continue;
    const found = await keyFamily(redis, pattern, family);
    if (found !== null) candidates.push(found);
  }
  return { candidates, keysSeen, isSample };
}

async function scan(redis: Redis) {
  const families = new Map<string, Family>();
  const single: string[] = [];
  const seen = new Set<string>();
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "COUNT", 1_000);
    cursor = next;
    for (const key of keys) {
      if (seen.has(key)) continue;
      seen.add(key);
      const shape = shapeOf(key);
      if (shape === null) single.push(key);
      else note(families, shape, key);
    }
  } while (cursor !== "0" && seen.size < KEYS_MAX);
  return { families, single: single.slice(0, 10_000), keysSeen: seen.size, isSample: cursor !== "0" };
}

function note(families: Map<string, Family>, { pattern, id }: KeyShape, key: string): void {
  const family = families.get(pattern) ?? { keys: [], ids: [], count: 0 };
  family.count += 1;
  if (family.keys.length < VALUES_MAX) {
    family.keys.push(key);
    family.ids.push(id);
  }
  families.set(pattern, family);
}

/** Keys that differ only in their last part, such as `result:nightly-scan`. */
function namedFamilies(keys: readonly string[]): readonly (readonly [pattern: string, family: Family])[] {
  const families = new Map<string, Family>();
  for (const key of keys) {
    const end = key.lastIndexOf(":") + 1;
    if (end > 0 && end < key.length)
      note(families, { pattern: `${key.slice(0, end)}{id}`, id: key.slice(end) }, key);
  }
  return [...families].filter(([, { count }]) => count >= NAMED_MIN);
}

async function findBullmq(redis: Redis, keys: readonly string[]): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const key of keys) {
    const match = /^(.+):([^:]+):meta$/.exec(key);
    if (!match || (await redis.type(key)) !== "hash") continue;
    const [, prefix = "", queue = ""] = match;
    const meta = await redis.hgetall(key);
    if (!("opts.maxLenEvents" in meta) && !meta.version?.startsWith("bullmq")) continue;
    const base = `${prefix}:${queue}`;
    const ends = await Promise.all(
      ["completed", "failed"].map((set) => redis.zrange(`${base}:${set}`, 0, "99")),
    );
    const lists = await Promise.all(["wait", "active"].map((list) => redis.lrange(`${base}:${list}`, 0, 99)));
    found.push({
      label: `the BullMQ queue ${queue}`,
      name: "queue",
      config: { type: "bullmq", queue, ...(prefix === "bull" ? {} : { prefix }) },
      words: [],
      sampleIds: [...lists, ...ends].flat().slice(0, SAMPLE_IDS_MAX),
      count: await redis.zcard(`${base}:completed`),
      store: "redis",
    });
  }
  return found;
}

function findRq(names: readonly string[], families: ReadonlyMap<string, Family>): Candidate[] {
  const family = families.get("rq:job:{id}");
  if (family === undefined && !names.includes("rq:queues")) return [];
  return [
    {
      label: "the jobs of RQ",
      name: "queue",
      config: { type: "rq" },
      words: [],
      sampleIds: family?.ids ?? [],
      count: family?.count ?? null,
      store: "redis",
    },
  ];
}

function findCelery(names: readonly string[], families: ReadonlyMap<string, Family>): Candidate[] {
  const prefix = "celery-task-meta-";
  const metas = names.filter((name) => name.startsWith(prefix));
  const bindings = names.filter((name) => name.startsWith("_kombu.binding."));
  const queues = bindings
    .map((name) => name.slice("_kombu.binding.".length))
    .filter((name) => !/[.]|celeryev/.test(name));
  const keys = [...metas, ...[...families.values()].flatMap((family) => family.keys)];
  const ids = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  if (ids.length === 0 && queues.length === 0) return [];
  return [
    {
      label: "the results and queues of Celery",
      name: "queue",
      config: { type: "celery", queues: queues.length > 0 ? queues : ["celery"] },
      words: [],
      sampleIds: ids.slice(0, SAMPLE_IDS_MAX),
      count: ids.length,
      store: "redis",
    },
  ];
}

function isOfKnownSystem(name: string, known: readonly Candidate[]): boolean {
  return known.some(({ config }) => {
    if (config.type === "rq") return name.startsWith("rq:");
    if (config.type === "celery") return /^(celery|_kombu|unacked)/.test(name);
    return name.startsWith(`${String(config.prefix ?? "bull")}:${String(config.queue)}:`);
  });
}

/** One hash of JSON, such as `scan_jobs:jobs`. */
async function jsonHash(redis: Redis, key: string, names: readonly string[]): Promise<Candidate | null> {
  const [, flat] = await redis.hscan(key, "0", "COUNT", VALUES_MAX);
  const values = flat.filter((_entry, index) => index % 2 === 1).slice(0, VALUES_MAX);
  const found = readDocuments(values);
  if (found === null) return null;
  const ids = flat.filter((_entry, index) => index % 2 === 0).slice(0, SAMPLE_IDS_MAX);
  const lists = await findLists(redis, key, names, ids);
  return {
    label: `the Redis hash ${key}`,
    name: "queue",
    config: {
      type: "redis-hash",
      key,
      ...(Object.keys(lists).length === 0 ? {} : { lists }),
      fields: found.fields,
    },
    words: found.words,
    sampleIds: ids,
    count: await redis.hlen(key),
    store: "redis",
  };
}

/** Lists beside the hash that are named like the lists of a queue. */
async function findLists(redis: Redis, key: string, names: readonly string[], ids: readonly string[]) {
  const folder = key.slice(0, key.lastIndexOf(":") + 1);
  const lists: { pending?: string; processing?: string } = {};
  for (const name of names) {
    if (folder === "" || name === key || !name.startsWith(folder)) continue;
    const part = /pending|queue|waiting|todo/i.test(name)
      ? "pending"
      : /process|active|running|progress/i.test(name)
        ? "processing"
        : null;
    if (part === null || lists[part] !== undefined || (await redis.type(name)) !== "list") continue;
    const members = await listMembers({ redis, key: name });
    const isOfIds =
      members === null ||
      members.size === 0 ||
      [...members].some((id) => ids.includes(id)) ||
      ids.length >= SAMPLE_IDS_MAX;
    if (isOfIds) lists[part] = name;
  }
  return lists;
}

/** Keys that hold one job each: JSON texts, or hashes with a status. */
async function keyFamily(redis: Redis, pattern: string, family: Family): Promise<Candidate | null> {
  const type = await redis.type(family.keys[0] ?? "");
  if (type !== "string") return null;
  const values = (await redis.mget(family.keys)).filter((value) => value !== null);
  const found = readDocuments(values);
  if (found === null && !(RESULT_KEYS.test(pattern) && areBareResults(values))) return null;
  return {
    label: `the Redis keys ${pattern}`,
    name: "results",
    config: {
      type: "redis-keys",
      pattern,
      ...(found === null ? { without_status: "completed" } : { fields: found.fields }),
    },
    words: found?.words ?? [BARE],
    sampleIds: family.ids.slice(0, SAMPLE_IDS_MAX),
    count: family.count,
    store: "redis",
  };
}
