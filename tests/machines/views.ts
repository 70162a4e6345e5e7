import { waitFor } from "../servers/wait-for.js";
import type { Cluster } from "./cluster.js";
import type { Follower } from "./follower.js";
import type { Load } from "./load.js";

/** Single reads over HTTP, in addition to the lists of all jobs. */
const READS = 25;

interface Row {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly n: number;
  readonly output: { readonly n: number } | null;
}

/**
 * Waits until every accepted job has completed, and until each view shows for every job the same as
 * the ledger's row: its history, the lists and single answers of both servers, Redis, and the event
 * stream. A difference that stays fails the test.
 */
export async function untilAllAgree(cluster: Cluster, load: Load, follower: Follower): Promise<void> {
  const rows = await waitFor(
    async () => {
      const all = await cluster.sql<Row>(
        "select id, status, version, (input ->> 'n')::integer as n, output from lockstep.jobs order by id",
      );
      return all.every((row) => row.status === "completed") ? all : null;
    },
    { what: "every job to complete", everyMs: 200 },
  ).catch(async (error: Error) => {
    const stuck = await cluster.sql("select * from lockstep.jobs where status <> 'completed' limit 3");
    throw new Error(`${error.message}: ${JSON.stringify(stuck)}`);
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const issues = [...recorded(byId, load), ...(await histories(cluster))];
  for (const url of cluster.urls) issues.push(...(await answers(url, rows)));
  if (issues.length > 0) throw new Error(`${issues.length} faults, such as ${issues.slice(0, 5).join("; ")}`);
  await agree("Redis", () => copies(cluster, byId));
  await agree("the event stream", async () => streamed(byId, follower));
}

async function agree(view: string, differences: () => Promise<readonly string[]>): Promise<void> {
  let last: readonly string[] = [];
  const isSo = async () => {
    last = await differences();
    return last.length === 0;
  };
  const what = `${view} to say what the ledger says`;
  await waitFor(isSo, { what, everyMs: 200 }).catch((error: Error) => {
    throw new Error(`${error.message}: ${last.length} differ, such as ${last.slice(0, 5).join("; ")}`);
  });
}

/** Each accepted job is recorded once, with the output of its own input. */
function recorded(byId: ReadonlyMap<string, Row>, load: Load): string[] {
  const issues: string[] = [];
  for (const [id, n] of load.accepted) {
    const row = byId.get(id);
    if (!row) issues.push(`${id} was accepted and is not there`);
    else if (row.n !== n || row.output?.n !== n)
      issues.push(`${id} was accepted with ${n} and has ${row.n}: ${JSON.stringify(row.output)}`);
  }
  const ns = [...byId.values()].map((row) => row.n);
  if (new Set(ns).size !== ns.length) issues.push("a submit that was repeated made a second job");
  return issues;
}

/**
 * Every version of every job has its row in the log, the last one agrees with the job's row, and
 * only one ended it.
 */
async function histories(cluster: Cluster): Promise<string[]> {
  const wrong = await cluster.sql<{ id: string }>(
    `select j.id
     from lockstep.jobs j
     join lateral (
       select count(*) as n, max(t.version) as newest, count(*) filter (where t.status = 'completed') as ends,
         (array_agg(t.status order by t.version desc))[1] as status
       from lockstep.transitions t
       where t.job_id = j.id
     ) t on true
     where t.n <> j.version or t.newest <> j.version or t.status <> j.status or t.ends <> 1`,
  );
  return wrong.map(({ id }) => `the history of ${id} does not lead to its row`);
}

async function answers(url: string, rows: readonly Row[]): Promise<string[]> {
  const said = new Map<string, string>();
  let cursor = "";
  do {
    const page = (await get(
      `${url}/api/jobs?limit=1000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )) as {
      jobs: Row[];
      next: string | null;
    };
    for (const job of page.jobs) said.set(job.id, `${job.status} ${job.version}`);
    cursor = page.next ?? "";
  } while (cursor !== "");
  const issues = rows
    .filter((row) => said.get(row.id) !== `${row.status} ${row.version}`)
    .map(
      (row) => `${url} lists ${row.id} as ${said.get(row.id)}, the ledger has ${row.status} ${row.version}`,
    );
  if (said.size !== rows.length) issues.push(`${url} lists ${said.size} jobs of ${rows.length}`);
  const step = Math.max(1, Math.floor(rows.length / READS));
  for (const row of rows.filter((_, index) => index % step === 0)) {
    const job = (await get(`${url}/api/status/${row.id}`)) as Record<string, unknown>;
    if (job.status !== row.status || job.version !== row.version || job.source !== "ledger")
      issues.push(`${url} says of ${row.id}: ${JSON.stringify(job)}`);
  }
  return issues;
}

async function get(address: string): Promise<unknown> {
  return await waitFor(
    async () => {
      const response = await fetch(address);
      return response.status === 200 ? ((await response.json()) as object) : null;
    },
    { what: `an answer of ${address}` },
  );
}

async function copies({ redis }: Cluster, byId: ReadonlyMap<string, Row>): Promise<string[]> {
  const keys = await redis.keys("result:*");
  const values = keys.length === 0 ? [] : await redis.mget(keys);
  const said = new Map(
    keys.map((key, index) => {
      const { status, version } = JSON.parse(values[index] ?? "{}") as Partial<Row>;
      return [key.slice("result:".length), `${status} ${version}`];
    }),
  );
  const differences = [...byId.values()]
    .filter((row) => said.get(row.id) !== `${row.status} ${row.version}`)
    .map((row) => `${row.id}: Redis ${said.get(row.id)}, ledger ${row.status} ${row.version}`);
  return said.size === byId.size ? differences : [...differences, `Redis has ${said.size} of ${byId.size}`];
}

/**
 * For the jobs that the follower saw, all of which began after the stream was opened: every
 * version, none left out.
 */
function streamed(byId: ReadonlyMap<string, Row>, follower: Follower): string[] {
  if (follower.resets() > 0) return [`the stream was reset ${follower.resets()} times`];
  const issues: string[] = [];
  for (const row of byId.values()) {
    const seen = new Set(follower.versions.get(row.id)?.versions);
    const status = follower.versions.get(row.id)?.status;
    const missing = Array.from({ length: row.version }, (_, index) => index + 1).filter((v) => !seen.has(v));
    if (missing.length > 0) issues.push(`${row.id}: version ${missing} of ${row.version} never came`);
    else if (status !== row.status) issues.push(`${row.id}: the last that came was ${status}`);
  }
  return issues;
}
