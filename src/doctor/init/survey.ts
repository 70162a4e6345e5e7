import { LockstepError } from "../../errors.js";
import type { Stores } from "../stores/stores.js";
import { openView, ViewConfig } from "../views/registry.js";
import { SqlAddress } from "../views/sql/address.js";
import { dialectOf } from "../views/sql/dialects/index.js";
import type { Candidate } from "./candidate.js";
import { statusesOf } from "./guess.js";
import { surveyHttp } from "./survey-http.js";
import { surveyRedis } from "./survey-redis.js";
import { surveySql } from "./survey-sql.js";

export interface SurveyOptions {
  readonly stores: Stores;
  /** `redis://` or `rediss://`. */
  readonly redisUrl: string | null;
  /** See `SqlAddress`. */
  readonly databaseUrl: string | null;
  /** Such as `http://host/api/status/{id}`. */
  readonly httpUrl: string | null;
}

/** A candidate, and how many of the sampled ids of each other candidate it knows, by their labels. */
export interface Surveyed extends Candidate {
  readonly url: string;
  readonly knows: ReadonlyMap<string, number>;
}

export interface Survey {
  readonly found: readonly Surveyed[];
  readonly notes: readonly string[];
}

/**
 * Looks for places that show the status of jobs, and which of them know the same jobs. Only reads.
 * @throws LockstepError INVALID_CONFIG for an address of another kind
 */
export async function survey({ stores, redisUrl, httpUrl, ...options }: SurveyOptions): Promise<Survey> {
  if (redisUrl !== null && !/^rediss?:/.test(redisUrl))
    throw new LockstepError("INVALID_CONFIG", "the address of Redis must be a redis:// or rediss:// address");
  const databaseUrl = options.databaseUrl === null ? null : databaseAddress(options.databaseUrl);
  const notes: string[] = [];
  const candidates: { readonly candidate: Candidate; readonly url: string }[] = [];
  if (redisUrl !== null) {
    const { candidates: found, keysSeen, isSample } = await surveyRedis(stores.redis(redisUrl));
    notes.push(
      `looked at ${isSample ? "the first " : ""}${keysSeen} ${keysSeen === 1 ? "key" : "keys"} in Redis`,
    );
    candidates.push(...found.map((candidate) => ({ candidate, url: redisUrl })));
  }
  const ids = candidates.flatMap(({ candidate }) => candidate.sampleIds.slice(0, 40));
  if (databaseUrl !== null) {
    const database = stores.sql(dialectOf(databaseUrl).store, databaseUrl);
    const found = await surveySql(database, databaseUrl, ids);
    notes.push(`found ${found.length} ${found.length === 1 ? "table" : "tables"} with a status`);
    candidates.push(...found.map((candidate) => ({ candidate, url: databaseUrl })));
  }
  if (httpUrl !== null) {
    const all = candidates.flatMap(({ candidate }) => candidate.sampleIds.slice(0, 40));
    const found = await surveyHttp(httpUrl, all);
    if (found === null) notes.push("the endpoint showed no status for any of the sampled ids");
    else candidates.push({ candidate: found, url: httpUrl });
  }
  const usable = candidates.filter(({ candidate, url }) => viewConfigOf(candidate, url) !== null);
  const found: Surveyed[] = [];
  for (const { candidate, url } of usable)
    found.push({ ...candidate, url, knows: await knownTo({ candidate, url, stores, others: usable }) });
  return { found, notes };
}

function databaseAddress(url: string): string {
  const address = SqlAddress.safeParse(url);
  if (address.success) return address.data;
  throw new LockstepError(
    "INVALID_CONFIG",
    `the address of the database ${address.error.issues[0]?.message ?? "is not valid"}`,
  );
}

/** The view's configuration; null: it would not be valid. */
export function viewConfigOf(candidate: Candidate, url: string): ViewConfig | null {
  const statuses = statusesOf(candidate.words);
  const parsed = ViewConfig.safeParse({
    ...candidate.config,
    url,
    ...(candidate.words.length === 0 ? {} : { statuses }),
  });
  return parsed.success ? parsed.data : null;
}

interface Acquaintance {
  readonly candidate: Candidate;
  readonly url: string;
  readonly stores: Stores;
  readonly others: readonly { readonly candidate: Candidate }[];
}

async function knownTo({
  candidate,
  url,
  stores,
  others,
}: Acquaintance): Promise<ReadonlyMap<string, number>> {
  const knows = new Map<string, number>();
  const config = viewConfigOf(candidate, url);
  if (config === null) return knows;
  const view = openView({ name: candidate.name, config, stores });
  try {
    await view.examine();
    for (const { candidate: other } of others) {
      if (other.label === candidate.label || other.sampleIds.length === 0) continue;
      const answers = await view.glance(other.sampleIds);
      const count = [...answers.values()].filter(({ state }) => state === "value").length;
      if (count > 0) knows.set(other.label, count);
    }
  } finally {
    await view.close();
  }
  return knows;
}
