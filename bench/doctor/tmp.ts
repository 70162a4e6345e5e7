import { Redis } from "ioredis";
import pg from "pg";
import { startPostgres } from "../../test/servers/postgres.js";
import { startRedis } from "../../test/servers/redis.js";
import { openStores, openView, parseDoctorConfig } from "../../src/doctor/index.js";
import { runCheck } from "../../src/doctor/check/run-check.js";
const N = Number(process.argv[2] ?? 100000);
const p = await startPostgres({settings:{shared_buffers:"256MB"}}); const r = await startRedis();
try {
  const db = new pg.Client({ connectionString: p.url }); await db.connect();
  await db.query(`create type "JobStatus" as enum ('PENDING','IN_PROGRESS','COMPLETED','FAILED')`);
  await db.query(`create table "ScanJob" (id uuid primary key, status "JobStatus" not null, result jsonb, error text, "startedAt" timestamptz, "finishedAt" timestamptz, "updatedAt" timestamptz not null default now())`);
  await db.query(`insert into "ScanJob" select md5(i::text)::uuid, case when i % 200 = 0 then 'IN_PROGRESS' else 'COMPLETED' end::"JobStatus", case when i%200=0 then null else jsonb_build_object('findings', i, 'files', i%100) end, null, now()-interval '1 hour', case when i%200=0 then null else now()-interval '50 minutes' end from generate_series(1,${N}) i`);
  await db.query("vacuum analyze");
  const redis = new Redis(r.url);
  const { rows } = { rows: null } as any;
  const cursor = await db.query(`select id, result from "ScanJob"`);
  let pipe = redis.pipeline(); let k = 0; let i = 0;
  for (const row of cursor.rows) { pipe.hset("scan_jobs:jobs", row.id, JSON.stringify({ id: row.id, status: "COMPLETED", result: row.result ?? {findings: 1, files: 2}, error: null, created_at: "2026-11-22T10:00:00Z", updated_at: "2026-11-22T10:10:00.123456Z" })); if (++k % 5000 === 0) { await pipe.exec(); pipe = redis.pipeline(); } }
  await pipe.exec();
  await db.end(); redis.disconnect();
  (globalThis as any).gc?.();
  cursor.rows.length = 0;
  const text = JSON.stringify({ record: "table", quiet_period: "1s", views: {
    hash: { type: "redis-hash", url: r.url, key: "scan_jobs:jobs", statuses: { PENDING: "pending", IN_PROGRESS: "running", COMPLETED: "completed", FAILED: "failed" } },
    table: { type: "sql", url: p.url, table: "ScanJob", columns: { id: "id", status: "status", result: "result", error: "error", started_at: "startedAt", finished_at: "finishedAt", updated_at: "updatedAt" }, statuses: { PENDING: "pending", IN_PROGRESS: "running", COMPLETED: "completed", FAILED: "failed" } } } });
  const config = parseDoctorConfig(text, {});
  const stores = openStores();
  const views = Object.entries(config.views).map(([name, c]) => openView({ name, config: c, stores }));
  const record = views.find(v => v.name === config.record)!;
  const cpu = process.cpuUsage(); const t = performance.now(); let peak = 0; const {Session}=await import("node:inspector/promises"); const se=new Session(); se.connect(); await se.post("Profiler.enable"); await se.post("Profiler.start");
  const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss) }, 50);
  const s = await runCheck({ views: { record, others: views.filter(v => v !== record) }, rules: { compareResults: true }, quietMs: config.quiet_period });
  clearInterval(timer); const {profile}=await se.post("Profiler.stop"); (await import("node:fs")).writeFileSync("/tmp/doc.cpuprofile", JSON.stringify(profile));
  const u = process.cpuUsage(cpu);
  console.log((performance.now() - t) / 1000, "s; cpu", (u.user + u.system) / 1e6, "rss MB", peak / 1e6);
  console.log(JSON.stringify({ ...s, notes: 0 }, null, 1).slice(0, 2500));
  await stores.close();
} finally { await p.remove(); await r.remove(); }
