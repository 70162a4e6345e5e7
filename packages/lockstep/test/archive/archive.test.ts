import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ArchiveLedger, ArchiveRecord } from "../../src/ledger/index.js";
import {
  claim,
  claimOne,
  completed,
  ENGINES,
  registerWorker,
  settle,
  submitNoop,
} from "../ledger/engines.js";
import { type ArchiveBench, openArchive } from "./archived.js";

/** Finishes many jobs in a few statements. */
async function finishMany(bench: ArchiveBench, count: number): Promise<void> {
  const worker = await registerWorker(bench);
  await bench.ledger.submitMany(Array.from({ length: count }, (_, n) => ({ kind: "noop", input: { n } })));
  for (let left = count; left > 0; left -= 500) {
    const jobs = await claim(bench, worker, 500);
    await bench.ledger.turn(
      jobs.map((job) => ({ job_id: job.id, attempt: 1, worker_id: worker, outcome: completed(job.id) })),
      null,
    );
  }
}

async function recordsIn(bench: ArchiveBench, name: string): Promise<ArchiveRecord[]> {
  const lines = gunzipSync(await readFile(join(bench.dir, name)))
    .toString()
    .trimEnd();
  return lines.split("\n").map((line) => JSON.parse(line) as ArchiveRecord);
}

/** A ledger that runs a function between reading the records and the commit. */
function meanwhile(bench: ArchiveBench, happens: () => Promise<unknown>): ArchiveLedger {
  const { archive } = bench.ledger;
  return {
    ...archive,
    async records(ids) {
      const records = await archive.records(ids);
      await happens();
      return records;
    },
  };
}

describe.each(ENGINES)("archiving on %s", (engine) => {
  it("archives the jobs that finished long enough ago, and nothing else", async () => {
    const bench = await openArchive(engine);
    await bench.finished();
    const pending = await submitNoop(bench, { queue: "elsewhere" });
    const delayed = await submitNoop(bench, { run_at: "2100-01-01T00:00:00Z" });
    const running = await submitNoop(bench);
    await claimOne(bench, await registerWorker(bench));
    expect(await bench.run({ olderThanMs: 3_600_000, dryRun: true })).toMatchObject({ archived: 0 });
    expect(await bench.run({ olderThanMs: 3_600_000 })).toMatchObject({ archived: 0 });
    expect(await bench.run({ olderThanMs: 0 })).toMatchObject({ archived: 1 });
    expect(await bench.rows()).toEqual([pending.id, delayed.id, running.id].sort());
  });

  it("only counts in a dry run", async () => {
    const bench = await openArchive(engine);
    const { id } = await bench.finished();
    expect(await bench.run({ dryRun: true })).toMatchObject({ archived: 1, files: 0, bytes: 0 });
    expect(await bench.rows()).toEqual([id]);
    expect(await bench.files()).toEqual([]);
  });

  it("moves many jobs in batches, each into a file that any gzip can read and whose checksum is known", async () => {
    const bench = await openArchive(engine);
    await finishMany(bench, 2_300);
    const ids = await bench.rows();
    const steps: number[] = [];
    const outcome = await bench.run({ onProgress: ({ archived }) => steps.push(archived) });
    expect(outcome).toMatchObject({ archived: 2_300, held: 0, fraction: 1 });
    expect(steps).toEqual([1_000, 2_000, 2_300]);
    const files = await bench.files();
    const records = (await Promise.all(files.map((name) => recordsIn(bench, name)))).flat();
    expect(records.map((record) => record.job.id).sort()).toEqual(ids);
    const { rows } = await bench.database.query<{ name: string; sha: string; jobs: number; bytes: string }>(
      "select name, encode(sha256, 'hex') as sha, jobs, bytes::text from archive_files order by name",
    );
    for (const { name, sha, jobs, bytes } of rows) {
      const content = await readFile(join(bench.dir, name));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sha);
      expect([content.length, (await recordsIn(bench, name)).length]).toEqual([Number(bytes), jobs]);
    }
    expect(rows.map((row) => row.name)).toEqual(files);
    const some = ids.filter((_, n) => n % 97 === 0);
    for (const id of some) expect((await bench.ledger.get(id))?.output).toBe(id);
    expect(await bench.run()).toMatchObject({ archived: 0, examined: 0 });
  });

  it("leaves a job that was run again after its record was read", async () => {
    const bench = await openArchive(engine);
    const [again, done] = [await bench.finished(), await bench.finished()];
    const ledger = meanwhile(bench, () => bench.ledger.requeue(again.id, { actor: "me" }));
    expect(await bench.run({ ledger })).toMatchObject({ archived: 1 });
    expect(await bench.rows()).toEqual([again.id]);
    expect(await bench.ledger.get(again.id)).toMatchObject({ status: "pending", version: 4 });
    expect(await bench.ledger.get(done.id)).toMatchObject({ archived: true });
    expect(await bench.ledger.status(done.id)).toMatchObject({ archived: true, output: { ok: true } });
  });

  it("leaves a job that ran again and finished again, because its record is out of date", async () => {
    const bench = await openArchive(engine);
    const { id } = await bench.finished();
    const worker = await registerWorker(bench);
    const ledger = meanwhile(bench, async () => {
      await bench.ledger.requeue(id, { actor: "me" });
      await settle(bench, await claimOne(bench, worker), completed("second"));
    });
    // Not held back by its new finish time: only by the version.
    await bench.run({ ledger, olderThanMs: -60_000 });
    expect(await bench.rows()).toEqual([id]);
    expect(await bench.run()).toMatchObject({ archived: 1 });
    expect(await bench.ledger.get(id)).toMatchObject({ version: 6, output: "second", archived: true });
  });

  it("leaves a job that got a late result after its record was read, and archives it with the result next time", async () => {
    const bench = await openArchive(engine);
    const { id } = await bench.finished();
    const late =
      "insert into late_results (job_id, attempt, worker_id, outcome) values ($1, 9, gen_random_uuid(), '1')";
    const ledger = meanwhile(bench, () => bench.database.query(late, [id]));
    expect(await bench.run({ ledger })).toMatchObject({ archived: 0 });
    expect(await bench.run()).toMatchObject({ archived: 1 });
    expect(await bench.ledger.lateResults(id)).toMatchObject([{ attempt: 9, outcome: 1 }]);
  });

  it("loses nothing when it is interrupted between file and commit, and the next run writes the same file", async () => {
    const bench = await openArchive(engine);
    const { id } = await bench.finished();
    const cut = { ...bench.ledger.archive, commit: () => Promise.reject(new Error("cut off")) };
    await expect(bench.run({ ledger: cut })).rejects.toThrow("cut off");
    const left = await bench.files();
    expect(left).toHaveLength(1);
    expect(await bench.ledger.get(id)).not.toHaveProperty("archived");
    expect(await bench.run()).toMatchObject({ archived: 1 });
    expect(await bench.files()).toEqual(left);
    expect(await bench.ledger.get(id)).toMatchObject({ archived: true, output: { ok: true } });
  });

  it("changes nothing when it cannot write its file", async () => {
    const bench = await openArchive(engine);
    const { id } = await bench.finished();
    const full = { ...bench.sink, write: () => Promise.reject(new Error("no space left")) };
    await expect(bench.run({ sink: full })).rejects.toThrow("no space left");
    expect(await bench.rows()).toEqual([id]);
    expect(await bench.run()).toMatchObject({ archived: 1 });
  });

  it("runs in one process at a time, and in another one once the first is silent", async () => {
    const bench = await openArchive(engine);
    await bench.finished();
    let second: unknown;
    const ledger = meanwhile(bench, async () => {
      second = await bench.run().catch((error: unknown) => error);
    });
    expect(await bench.run({ ledger })).toMatchObject({ archived: 1 });
    expect(second).toMatchObject({ code: "ARCHIVE_BUSY" });
    const { archive } = bench.ledger;
    expect(await archive.begin({ runner: crypto.randomUUID(), holdSeconds: 60 })).not.toBeNull();
    await expect(bench.run()).rejects.toMatchObject({ code: "ARCHIVE_BUSY" });
    await bench.database.query("update archive_state set runner_until = now() - interval '1 second'");
    expect(await bench.run()).toMatchObject({ completed: true });
  });

  it("stops after the current batch when it is asked to stop", async () => {
    const bench = await openArchive(engine);
    await finishMany(bench, 1_200);
    const stop = new AbortController();
    const outcome = await bench.run({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(outcome).toMatchObject({ archived: 1_000, completed: false });
    expect(await bench.rows()).toHaveLength(200);
    expect(await bench.run({ restSeconds: 3_600 })).toMatchObject({ archived: 200, completed: true });
    await expect(bench.run({ restSeconds: 3_600 })).rejects.toMatchObject({ code: "ARCHIVE_BUSY" });
  });

  it("keeps the newest entries of a long log, and records that there were more", async () => {
    const bench = await openArchive(engine);
    const { id } = await bench.finished();
    await bench.database.query(
      "insert into job_logs (job_id, attempt, level, message) select $1, 1, 'info', repeat('x', 400) || n from generate_series(1, 1500) n",
      [id],
    );
    await bench.run();
    const lines = await bench.ledger.logs(id, { limit: 1_000 });
    expect(lines.at(-1)?.message).toMatch(/x1500$/);
    expect(lines.reduce((sum, line) => sum + line.message.length, 0)).toBeLessThanOrEqual(65_536);
    expect(lines.length).toBeGreaterThan(100);
    const [name = ""] = await bench.files();
    expect((await recordsIn(bench, name))[0]?.logs_cut).toBe(true);
  });
});

it("does not wait for a locked job", async () => {
  const bench = await openArchive("postgres");
  const [held, free] = [await bench.finished(), await bench.finished()];
  await bench.database.transaction(async (tx) => {
    await tx.query("select from jobs where id = $1 for update", [held.id]);
    expect(await bench.run()).toMatchObject({ archived: 1 });
  });
  expect(await bench.rows()).toEqual([held.id]);
  expect(await bench.ledger.get(free.id)).toMatchObject({ archived: true });
});
