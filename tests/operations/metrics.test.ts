import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { createMetrics, type Metrics } from "@lockstep/server/internal/metrics";
import { expect, it } from "vitest";
import { parse } from "yaml";
import {
  type Bench,
  claimOne,
  completed,
  ENGINES,
  failed,
  openBench,
  openSecond,
  registerWorker,
  settle,
  silence,
  submitNoop,
} from "../../packages/lockstep/test/ledger/engines.js";
import { kind, startWorker, submit, terminal } from "../../packages/lockstep/test/worker/setup.js";
import { startServer } from "../../packages/server/test/start.js";
import { waitFor } from "../servers/wait-for.js";

/** The metric names of the contract that belong to what is built. */
const CONTRACT =
  `lockstep_jobs_submitted_total lockstep_transitions_total lockstep_jobs lockstep_job_wait_seconds
  lockstep_job_run_seconds lockstep_settle_seconds lockstep_settle_batch_size lockstep_ledger_completed_total
  lockstep_projected_completed_total lockstep_feed_lag_seconds lockstep_spool_records lockstep_fenced_writes_total
  lockstep_worker_heartbeat_age_seconds lockstep_maintenance_leader lockstep_database_up lockstep_redis_up`.split(
    /\s+/,
  );

async function meter(bench: Bench): Promise<{ metrics: Metrics; metered: Bench }> {
  const metrics = createMetrics({ ledger: bench.ledger });
  await metrics.start();
  return { metrics, metered: { ...bench, ledger: metrics.meter(bench.ledger) } };
}

function samples(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

/** Scrapes until the samples are as expected: a scrape is shared for a second. */
async function untilSamples(
  metrics: Metrics,
  expected: Record<string, number>,
): Promise<Map<string, number>> {
  let last = new Map<string, number>();
  await waitFor(
    async () => {
      last = samples(await metrics.text());
      return Object.entries(expected).every(([name, value]) => last.get(name) === value);
    },
    { what: `the samples ${JSON.stringify(expected)}` },
  ).catch((error: unknown) => {
    throw new Error(`saw ${JSON.stringify([...last].filter(([name]) => !name.includes("_bucket")))}`, {
      cause: error,
    });
  });
  return last;
}

it.each(ENGINES)("counts each committed transition once, no matter who made it (%s)", async (engine) => {
  const bench = await openBench(engine);
  await submitNoop(bench);
  const { metrics, metered } = await meter(bench);
  const worker = await registerWorker(bench);
  const cancelled = await submitNoop(metered);
  await bench.ledger.cancel(cancelled.id, { actor: "me" });
  await settle(metered, await claimOne(metered, worker), failed(null));
  await submitNoop(bench);
  await untilSamples(metrics, {
    lockstep_jobs_submitted_total: 1,
    'lockstep_transitions_total{kind="noop",status="pending",reason="submitted"}': 2,
    'lockstep_transitions_total{kind="noop",status="cancelled",reason="cancelled"}': 1,
    'lockstep_transitions_total{kind="noop",status="running",reason="claimed"}': 1,
    'lockstep_transitions_total{kind="noop",status="failed",reason="error"}': 1,
    lockstep_ledger_completed_total: 0,
    'lockstep_jobs{queue="default",status="pending"}': 1,
    'lockstep_jobs{queue="default",status="running"}': 0,
    lockstep_settle_seconds_count: 1,
    lockstep_settle_batch_size_sum: 1,
    'lockstep_job_wait_seconds_count{kind="noop"}': 1,
    'lockstep_job_run_seconds_count{kind="noop"}': 1,
    lockstep_fenced_writes_total: 0,
    lockstep_database_up: 1,
  });
});

it("counts what other processes did, also when it is more than a page, once each", async () => {
  const bench = await openBench("postgres");
  const other = await openSecond(bench);
  const { metrics } = await meter(bench);
  for (let batch = 0; batch < 3; batch++)
    await other.ledger.submitMany(Array.from({ length: 10_000 }, () => ({ kind: "noop", input: {} })));
  const many = { 'lockstep_transitions_total{kind="noop",status="pending",reason="submitted"}': 30_000 };
  await untilSamples(metrics, many);
  await submitNoop(other);
  await untilSamples(metrics, {
    'lockstep_transitions_total{kind="noop",status="pending",reason="submitted"}': 30_001,
    lockstep_jobs_submitted_total: 0,
  });
});

it("shows which process leads the maintenance", async () => {
  const bench = await openBench("postgres");
  const { metrics } = await meter(bench);
  const maintenance = bench.ledger.createMaintenance();
  await maintenance.start();
  const name = `lockstep_maintenance_leader{host="${hostname()}",pid="${process.pid}"}`;
  await untilSamples(metrics, { [name]: 1 });
  await maintenance.stop();
  await waitFor(async () => !samples(await metrics.text()).has(name), { what: "nobody to lead" });
});

it("counts refused writes, and shows how long a worker has been silent", async () => {
  const bench = await openBench("postgres");
  const { metrics, metered } = await meter(bench);
  const worker = await registerWorker(bench);
  await submitNoop(bench);
  const job = await claimOne(metered, worker);
  await bench.ledger.cancel(job.id, { actor: "me" });
  await settle(metered, job, completed());
  await settle(metered, { ...job, attempt: 9 }, completed());
  await metered.ledger.report(worker, [{ job_id: job.id, attempt: 1, progress: null, logs: [] }]);
  await bench.database.query("update lockstep.workers set started_at = started_at - interval '1 hour'");
  await silence(bench, worker);
  const seen = await untilSamples(metrics, { lockstep_fenced_writes_total: 2 });
  const age = seen.get(`lockstep_worker_heartbeat_age_seconds{worker="w",worker_id="${worker}"}`);
  expect(age).toBeGreaterThan(3_500);
});

it("a worker that uses the counted ledger appears in the metrics, and runs as usual", async () => {
  const bench = await openBench("postgres");
  const { metrics, metered } = await meter(bench);
  const worker = await startWorker(metered, { definitions: [kind("noop", () => ({ ok: true }))] });
  metrics.watchWorker(worker);
  const ids = await Promise.all(Array.from({ length: 20 }, () => submit(metered, "noop")));
  for (const id of ids) await terminal(metered, id);
  const seen = await untilSamples(metrics, {
    lockstep_ledger_completed_total: 20,
    'lockstep_job_run_seconds_count{kind="noop"}': 20,
    lockstep_settle_batch_size_sum: 20,
    lockstep_spool_records: 0,
  });
  expect(seen.get('lockstep_job_wait_seconds_count{kind="noop"}')).toBe(20);
});

it("counting starts again from a restored or archived-away position, instead of failing every scrape", async () => {
  const bench = await openBench("postgres");
  let refuse = true;
  const feed = {
    ...bench.ledger.feed,
    tally: async (...given: Parameters<typeof bench.ledger.feed.tally>) =>
      refuse ? null : bench.ledger.feed.tally(...given),
  };
  const metrics = createMetrics({ ledger: { ...bench.ledger, feed } });
  await metrics.start();
  await submitNoop(bench);
  await untilSamples(metrics, { lockstep_database_up: 1, lockstep_ledger_completed_total: 0 });
  refuse = false;
  await submitNoop(bench);
  await untilSamples(metrics, {
    'lockstep_transitions_total{kind="noop",status="pending",reason="submitted"}': 1,
  });
});

it("/metrics needs a key with the role read, once there is a key", async () => {
  const bench = await openBench("postgres");
  const { metrics } = await meter(bench);
  const server = await startServer(bench, { metrics });
  const open = await server.get("/metrics");
  expect(open.status).toBe(200);
  expect(open.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const reader = await server.as("read");
  expect((await server.get("/metrics")).status).toBe(401);
  expect((await reader.get("/metrics")).status).toBe(200);
});

it("two processes' metrics share nothing", async () => {
  const bench = await openBench("postgres");
  const [one, two] = [await meter(bench), await meter(bench)];
  await submitNoop(one.metered);
  await untilSamples(one.metrics, { lockstep_jobs_submitted_total: 1 });
  await untilSamples(two.metrics, { lockstep_jobs_submitted_total: 0 });
});

it("every name in the contract, the dashboard, the alerts and the page is served, and every served name is explained", async () => {
  const bench = await openBench("postgres");
  const { metrics } = await meter(bench);
  metrics.watchRedis({
    redis: { isUp: true },
    projector: { status: () => ({ lagSeconds: 0.25, completed: 7 }) },
  });
  const text = await metrics.text();
  const served = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]!));
  const read = (path: string) => readFileSync(path, "utf8");
  const namesIn = (found: string) =>
    [...found.matchAll(/\blockstep_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""));
  const dashboard = read("docs/monitoring/grafana-dashboard.json");
  const alerts = read("docs/monitoring/alerts.yml");
  const page = namesIn(read("docs/monitoring/README.md")).filter(
    (name) => !/_(projected|feed|redis)$/.test(name),
  );
  for (const names of [CONTRACT, namesIn(dashboard), namesIn(alerts), page]) {
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !served.has(name))).toEqual([]);
  }
  expect([...served].filter((name) => !page.includes(name))).toEqual([]);
  expect(text).toContain("lockstep_projected_completed_total 7");
  expect(text).toContain("lockstep_feed_lag_seconds 0.25");

  const rules = parse(alerts).groups[0].rules as { alert: string; expr: string; annotations: object }[];
  expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length);
  for (const rule of rules)
    expect(rule).toMatchObject({
      expr: expect.stringContaining("lockstep_"),
      annotations: { summary: expect.any(String) },
    });
  const { panels } = JSON.parse(dashboard) as { panels: { targets: { expr: string }[] }[] };
  const plots = panels.map((panel) => panel.targets.map(({ expr }) => expr).join(" "));
  expect(
    plots.some((plot) => /lockstep_ledger_completed_total.*lockstep_projected_completed_total/.test(plot)),
  ).toBe(true);
});
