import { LockstepError } from "lockstep/internal/errors";
import { reasonOf } from "../stores/reason.js";
import type { ViewStores } from "../stores/store-connections.js";
import { openView, ViewConfig } from "../views/registry.js";
import { SqlAddress } from "../views/sql/address.js";
import { dialectOf } from "../views/sql/dialects/index.js";
import type { Candidate } from "./candidate.js";
import { statusesOf } from "./guess.js";
import { surveyHttp } from "./survey-http.js";
import { surveyRedis } from "./survey-redis.js";
import { surveySql } from "./survey-sql.js";

export interface SurveyOptions {
  readonly stores: ViewStores;
  /** `redis://` or `rediss://`. */
  readonly redisUrl: string | null;
  /** See `SqlAddress`. */
  readonly databaseUrl: string | null;
  /** Such as `http://host/api/status/{id}`. */
  readonly httpUrl: string | null;
}

/** A candidate, and how many of the sampled ids of each other candidate it has, by their labels. */
export interface Surveyed extends Candidate {
  readonly url: string;
  readonly knows: ReadonlyMap<string, number>;
}

/** A store that could not be read. */
export interface Unread {
  readonly store: "redis" | "database";
  /** VIEW_UNREADABLE, or INVALID_CONFIG for an address of another kind. */
  readonly error: LockstepError;
}

export interface Survey {
  readonly found: readonly Surveyed[];
  readonly notes: readonly string[];
  readonly unread: readonly Unread[];
}

/**
 * Looks for places that show the status of jobs, and finds which of them have the same jobs. Only
 * reads. A store that cannot be read is reported, and the search continues with the others.
 * @throws LockstepError INVALID_CONFIG for an endpoint's address without `{id}`
 */
export async function survey({ stores, redisUrl, databaseUrl, httpUrl }: SurveyOptions): Promise<Survey> {
  const notes: string[] = [];
  const unread: Unread[] = [];
  const candidates: Located[] = [];
  const look = async (store: Unread["store"], find: () => Promise<readonly Located[]>) => {
    try {
      candidates.push(...(await find()));
    } catch (error) {
      unread.push({ store, error: asUnread(store, error) });
    }
  };
  if (redisUrl !== null) await look("redis", () => inRedis(stores, redisUrl, notes));
  const ids = () => candidates.flatMap(({ candidate }) => candidate.sampleIds.slice(0, 40));
  if (databaseUrl !== null)
    await look("database", () => inDatabase(stores, { url: databaseUrl, knownIds: ids() }, notes));
  if (httpUrl !== null) {
    const found = await surveyHttp(httpUrl, ids());
    if (typeof found === "string") notes.push(found);
    else candidates.push({ candidate: found, url: httpUrl });
  }
  const usable = candidates.filter(({ candidate, url }) => viewConfigOf(candidate, url) !== null);
  const found: Surveyed[] = [];
  for (const { candidate, url } of usable) {
    try {
      found.push({ ...candidate, url, knows: await knownTo({ candidate, url, stores, others: usable }) });
    } catch (error) {
      notes.push(`${candidate.label} is left out: ${reasonOf(error)}`);
    }
  }
  return { found, notes, unread };
}

interface Located {
  readonly candidate: Candidate;
  readonly url: string;
}

async function inRedis(stores: ViewStores, url: string, notes: string[]): Promise<readonly Located[]> {
  if (!/^rediss?:/.test(url))
    throw new LockstepError("INVALID_CONFIG", "the address of Redis must be a redis:// or rediss:// address");
  const { candidates, keysSeen, isSample } = await surveyRedis(stores.redis(url));
  notes.push(
    `looked at ${isSample ? "the first " : ""}${keysSeen} ${keysSeen === 1 ? "key" : "keys"} in Redis`,
  );
  return candidates.map((candidate) => ({ candidate, url }));
}

interface DatabaseLook {
  readonly url: string;
  readonly knownIds: readonly string[];
}

async function inDatabase(
  stores: ViewStores,
  { url: given, knownIds }: DatabaseLook,
  notes: string[],
): Promise<readonly Located[]> {
  const url = databaseAddress(given);
  const { candidates, skipped } = await surveySql(stores.sql(dialectOf(url).store, url), url, knownIds);
  notes.push(`found ${candidates.length} ${candidates.length === 1 ? "table" : "tables"} with a status`);
  notes.push(...skipped);
  return candidates.map((candidate) => ({ candidate, url }));
}

function asUnread(store: Unread["store"], error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  const name = store === "redis" ? "Redis" : "the database";
  return new LockstepError("VIEW_UNREADABLE", `${name} cannot be read: ${reasonOf(error)}`, {
    cause: error,
  });
}

function databaseAddress(url: string): string {
  const address = SqlAddress.safeParse(url);
  if (address.success) return address.data;
  throw new LockstepError(
    "INVALID_CONFIG",
    `the address of the database ${address.error.issues[0]?.message ?? "is not valid"}`,
  );
}

/** The view's configuration; null: it would be invalid. */
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
  readonly stores: ViewStores;
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
      const answers = await view.summaries(other.sampleIds);
      const count = [...answers.values()].filter(({ state }) => state === "value").length;
      if (count > 0) knows.set(other.label, count);
    }
  } finally {
    await view.close();
  }
  return knows;
}
