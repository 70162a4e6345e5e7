import { Queue } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { request } from "undici";
import type { Shown, ShownStatus } from "../../history/events.js";
import { digestOf } from "../../history/recorder.js";
import type { Place } from "../../place.js";

const TIMEOUT_MS = 8_000;

/** The queue of the jobs that BullMQ delivers, in the ledger and in BullMQ. */
export const BRIDGED = "bridged";
/** BullMQ has no cancelled jobs: the bridge fails their entries with this message. */
const CANCELLED = "The job was cancelled.";

export type Row = Shown & { readonly key: string };

/** Reads every view of a job: over HTTP as any client, and PostgreSQL and Redis directly. */
export interface LockstepViews {
  readonly names: readonly string[];
  read(view: string, key: string, minVersion: number | null): Promise<readonly Row[]>;
  /** Read directly, like the rows. */
  countUnfinished(): Promise<number>;
  close(): Promise<void>;
}

interface Names {
  idOf(key: string): string | null;
  keyOf(id: string): string | null;
  /** The address of an API process; a different one each time. */
  api(): string;
}

export function openViews(place: Place, names: Names): LockstepViews {
  const database = new pg.Pool({
    connectionString: place.databaseUrl,
    max: 2,
    connectionTimeoutMillis: TIMEOUT_MS,
  });
  database.on("error", () => undefined);
  const redis = new Redis(place.redisUrl, { maxRetriesPerRequest: 0, commandTimeout: TIMEOUT_MS });
  redis.on("error", () => undefined);
  const queue = new Queue(BRIDGED, { connection: redis });
  queue.on("error", () => undefined);
  const byId = (read: (id: string, minVersion: number | null) => Promise<Shown | null>) => {
    return async (key: string, minVersion: number | null): Promise<readonly Row[]> => {
      const id = names.idOf(key);
      const shown = id === null ? null : await read(id, minVersion);
      return shown === null ? [] : [{ ...shown, key }];
    };
  };
  const views: Record<string, (key: string, minVersion: number | null) => Promise<readonly Row[]>> = {
    status: byId((id, min) => readHttp(`${names.api()}/api/status/${id}`, min, "results")),
    job: byId((id, min) => readHttp(`${names.api()}/api/jobs/${id}`, min, "output")),
    list: () => readList(names),
    redis: byId((id) => readKey(redis, id)),
    row: byId((id) => readRow(database, id)),
    bullmq: byId((id) => readEntry(queue, id)),
  };
  return {
    names: Object.keys(views),
    read: async (view, key, minVersion) => (await views[view]?.(key, minVersion)) ?? [],
    async countUnfinished() {
      const { rows } = await database.query<{ count: number }>(
        "select count(*)::integer as count from lockstep.jobs where status in ('pending', 'running')",
      );
      return rows[0]?.count ?? 0;
    },
    async close() {
      await queue.close();
      redis.disconnect();
      await database.end();
    },
  };
}

export async function getJson(
  url: string,
  method: "GET" | "POST" = "GET",
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await request(url, {
    method,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

async function readHttp(url: string, minVersion: number | null, result: string): Promise<Shown | null> {
  const { status, body } = await getJson(minVersion === null ? url : `${url}?min_version=${minVersion}`);
  if (status === 404) return { status: "absent", version: null, digest: null, claims: "now" };
  if (status !== 200) throw new Error(`HTTP ${status}`);
  return shownOf(body, body[result]);
}

function shownOf(body: Readonly<Record<string, unknown>>, output: unknown): Shown {
  const { status, version, source } = body;
  if (typeof status !== "string" || typeof version !== "number") throw new Error("not a status");
  const shows = status === "completed" && output !== undefined && output !== null;
  return {
    status: status as ShownStatus,
    version,
    digest: shows ? digestOf(output) : null,
    claims: source === "ledger" ? "now" : "late",
  };
}

/** One page of the newest jobs: many rows with one request. */
async function readList(names: Names): Promise<readonly Row[]> {
  const { status, body } = await getJson(`${names.api()}/api/jobs?limit=20`);
  if (status !== 200) throw new Error(`HTTP ${status}`);
  const jobs = body.jobs as Record<string, unknown>[];
  return jobs.flatMap((job) => {
    const key = names.keyOf(String(job.id));
    return key === null ? [] : [{ ...shownOf({ ...job, source: body.source }, undefined), key }];
  });
}

/** A missing key is unknown, not absent: that is what the copy guarantees. */
async function readKey(redis: Redis, id: string): Promise<Shown | null> {
  const text = await redis.get(`result:${id}`);
  if (text === null) return null;
  const value = JSON.parse(text) as Record<string, unknown>;
  return { ...shownOf({ ...value, source: "cache" }, value.results), claims: "late" };
}

/** A missing entry is unknown: BullMQ may be emptied at any time. */
async function readEntry(queue: Queue, id: string): Promise<Shown | null> {
  const entry = await queue.getJob(id);
  if (!entry) return null;
  const shown = { version: null, digest: null, claims: "late" } as const;
  // A retried entry keeps the reason of its failure, so its own data does not say how it ended.
  const state = entry.finishedOn ? await queue.getJobState(id) : "waiting";
  if (state === "completed") return { ...shown, status: "completed", digest: digestOf(entry.returnvalue) };
  if (state === "failed")
    return { ...shown, status: entry.failedReason === CANCELLED ? "cancelled" : "failed" };
  return { ...shown, status: "pending" };
}

interface StatusRow {
  readonly status: ShownStatus;
  readonly version: number;
  readonly output: unknown;
}

async function readRow(database: pg.Pool, id: string): Promise<Shown> {
  const { rows } = await database.query<StatusRow>(
    "select status, version, output from lockstep.jobs where id = $1",
    [id],
  );
  const [row] = rows;
  if (!row) return { status: "absent", version: null, digest: null, claims: "now" };
  const { status, version, output } = row;
  return { status, version, digest: status === "completed" ? digestOf(output) : null, claims: "now" };
}
