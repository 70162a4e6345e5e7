import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { migrate } from "lockstep/internal/ledger";
import { expect, it } from "vitest";
import { encodeSpoolRecord } from "../../packages/lockstep/src/worker/spool-codec.js";
import {
  type Bench,
  claimOne,
  completed,
  registerWorker,
  settle,
  submitNoop,
} from "../../packages/lockstep/test/ledger/engines.js";
import {
  cleanUp,
  connectTo,
  openExisting,
  openProjected,
  project,
  shownValue,
  untilAgree,
  untilState,
  untilVersion,
} from "../../packages/lockstep/test/redis/projected.js";
import { openProxy } from "../../packages/lockstep/test/worker/proxy.js";
import { kind, newFolder, startWorker, terminal } from "../../packages/lockstep/test/worker/setup.js";
import { startPostgres } from "../servers/database.js";
import { postgresPrograms } from "../servers/programs.js";
import type { Account } from "../servers/server-folder.js";
import { waitFor } from "../servers/wait-for.js";

const DOCUMENT = readFileSync("docs/operations.md", "utf8");

/** The blocks of commands under a heading of the document. */
function blocksOf(heading: string): string[] {
  const section = DOCUMENT.split(/^(?=##+ )/m).find((text) => text.startsWith(`### ${heading}\n`));
  if (section === undefined) throw new Error(`docs/operations.md has no ${heading}`);
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? "");
}

/** Runs one block of commands as it is written. */
function run(block: string | undefined, variables: Record<string, string>, account: Account | null = null) {
  if (block === undefined) throw new Error("the document has fewer blocks of commands");
  const env = { ...variables, PATH: `${postgresPrograms()}:${process.env.PATH}` };
  execFileSync("bash", ["-euo", "pipefail", "-c", block], {
    env,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    ...account,
  });
}

async function newCluster() {
  const postgres = await startPostgres();
  cleanUp(() => postgres.remove());
  return postgres;
}

const work = (bench: Bench, dataDir: string) =>
  startWorker(bench, { definitions: [kind("noop", () => "done by a worker")], dataDir });

it("Backup and Restore: what was in the backup is there, and what is missing or left over is reported", async () => {
  const before = await openProjected();
  const dataDir = await newFolder();
  await writeFile(join(dataDir, "a-file"), "kept");
  const done = await submitNoop(before);
  const worker = await registerWorker(before);
  await settle(before, await claimOne(before, worker), completed({ answer: 42 }));
  const waiting = await submitNoop(before);
  const BACKUP = await newFolder();
  const [backup] = blocksOf("Backup");
  run(backup, { DATABASE_URL: before.url ?? "", LOCKSTEP_DATA_DIR: dataDir, BACKUP });

  // Afterwards a job is submitted, and another attempt ends whose outcome is still in the spool.
  const later = await submitNoop(before);
  await untilVersion(before, later.id, 1);
  const attempt = await claimOne(before, worker);
  const oldPosition = await before.ledger.feed.now();
  await before.projector.stop();
  await before.redis.close();
  await mkdir(join(dataDir, "spool"), { recursive: true });
  await writeFile(
    join(dataDir, "spool", `${worker}.spool`),
    encodeSpoolRecord({
      ledger_id: await before.ledger.identity(),
      job_id: attempt.id,
      attempt: 1,
      worker_id: worker,
      claim_token: attempt.claim_token,
      outcome: { type: "completed", output: '"spooled"' },
    }),
  );

  const { url: NEW_DATABASE_URL } = await newCluster();
  const NEW_DATA_DIR = join(await newFolder(), "data");
  const [restore] = blocksOf("Restore");
  run(restore, { NEW_DATABASE_URL, NEW_DATA_DIR, BACKUP });
  expect(readFileSync(join(NEW_DATA_DIR, "a-file"), "utf8")).toBe("kept");
  const restored = await openExisting(NEW_DATABASE_URL);
  expect(await restored.ledger.feed.read(oldPosition, 10)).toBeNull();
  const after = await project(restored, before.server, connectTo(before.server));
  await work(restored, dataDir);
  expect(await terminal(after, done.id)).toMatchObject({ output: { answer: 42 } });
  expect(await terminal(after, waiting.id)).toMatchObject({ output: "done by a worker", attempt: 1 });
  expect(await after.ledger.get(later.id)).toBeNull();
  await untilAgree(after);
  expect(await shownValue(after, later.id)).toBeNull();
  await untilState(after, "current");
  expect(after.projector.status()).toMatchObject({ state: "current", rebuilds: 1, valuesRemoved: 1 });
  const unrecorded = async () => await readdir(join(dataDir, "unrecorded"));
  await waitFor(async () => (await unrecorded()).length === 1, { what: "the outcome to be in a file" });
  expect(await unrecorded()).toEqual([`${attempt.id}-1-${worker}.json`]);
});

it("Restore: a snapshot of the disk gives each reader one reset, once a person says so", async () => {
  const bench = await openProjected();
  const old = await bench.ledger.feed.now();
  run(blocksOf("Restore")[1], { DATABASE_URL: bench.url ?? "" });
  expect(await bench.ledger.feed.read(old, 10)).toBeNull();
  const job = await submitNoop(bench);
  await untilVersion(bench, job.id, 1);
  await untilAgree(bench);
  await untilState(bench, "current");
  expect(bench.projector.status()).toMatchObject({ state: "current", rebuilds: 2 });
});

it("Major upgrade of PostgreSQL: events, copies and jobs go on in the new server", async () => {
  const before = await openProjected();
  const dataDir = await newFolder();
  const waiting = await submitNoop(before);
  await untilVersion(before, waiting.id, 1);
  await before.projector.stop();
  await before.redis.close();
  const { url: NEW_DATABASE_URL } = await newCluster();
  const [upgrade] = blocksOf("Major upgrade of PostgreSQL");
  run(upgrade, { DATABASE_URL: before.url ?? "", NEW_DATABASE_URL, BACKUP: await newFolder() });

  const bench = await openExisting(NEW_DATABASE_URL);
  const after = await project(bench, before.server, connectTo(before.server));
  const position = await after.ledger.feed.now();
  await work(bench, dataDir);
  expect(await terminal(after, waiting.id)).toMatchObject({ status: "completed", attempt: 1 });
  const batch = await after.ledger.feed.read(position, 10);
  expect(batch?.events.map(({ job_id, status }) => [job_id, status])).toEqual([
    [waiting.id, "running"],
    [waiting.id, "completed"],
  ]);
  await untilAgree(after);
  await untilState(after, "current");
  expect(after.projector.status()).toMatchObject({ state: "current", rebuilds: 1, valuesRemoved: 0 });
});

it("Failover to a standby: what was acknowledged is there, and the same processes go on", async () => {
  const [create, wait, promote] = blocksOf("Failover to a standby");
  const primary = await newCluster();
  const standby = await startPostgres({
    copyInto: (STANDBY_DIR, account) => run(create, { STANDBY_DIR, DATABASE_URL: primary.url }, account),
  });
  cleanUp(() => standby.remove());
  const standbyUrl = new URL(primary.url);
  standbyUrl.port = String(standby.port);
  run(wait, { DATABASE_URL: primary.url });

  const proxy = await openProxy(primary.url);
  cleanUp(() => proxy.close());
  const bench = await openExisting(proxy.url);
  await migrate(bench.database);
  const worker = await work(bench, await newFolder());
  const before = await submitNoop(bench);
  await terminal(bench, before.id);
  const old = await bench.ledger.feed.now();

  await primary.kill();
  run(promote, { STANDBY_URL: standbyUrl.href });
  proxy.redirect(standbyUrl.href);
  const job = await waitFor(() => submitNoop(bench), { what: "a submit to the promoted standby" });
  expect(await terminal(bench, before.id)).toMatchObject({ status: "completed", attempt: 1 });
  expect(await terminal(bench, job.id)).toMatchObject({ status: "completed", attempt: 1 });
  expect(worker.health().degraded).toBe(false);
  expect(await bench.ledger.feed.read(old, 10)).toBeNull();
  const now = await bench.ledger.feed.now();
  expect(await bench.ledger.feed.read(now, 10)).toMatchObject({ events: [] });
});
