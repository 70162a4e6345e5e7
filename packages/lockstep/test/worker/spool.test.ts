import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { DatabaseUnavailableError } from "../../src/errors.js";
import { acquireFileLock } from "../../src/file-lock/index.js";
import { newId } from "../../src/job/index.js";
import type { Settlement } from "../../src/ledger/index.js";
import { Spool } from "../../src/worker/spool.js";
import { decodeSpool, encodeSpoolRecord, type SpoolRecord } from "../../src/worker/spool-codec.js";
import { openSpoolFile } from "../../src/worker/spool-file.js";
import { createSpoolTakeover } from "../../src/worker/spool-takeover.js";
import { newUnsettled } from "../../src/worker/unsettled-outcomes.js";
import { type Bench, claim, openBench, registerWorker, submitNoop } from "../ledger/engines.js";
import { takeAway } from "../ledger/take-away.js";
import { kind, newFolder, startWorker, terminal } from "./setup.js";

let place: Bench;
let dataDir: string;
let dead: string;
let outcomes: SpoolRecord[];

/** Three jobs that a dead worker had finished. */
beforeEach(async () => {
  place = await openBench("pglite");
  dataDir = await newFolder();
  await mkdir(join(dataDir, "spool"), { recursive: true });
  for (let n = 0; n < 3; n += 1) await submitNoop(place);
  dead = await registerWorker(place);
  const ledger_id = await place.ledger.identity();
  outcomes = (await claim(place, dead, 3)).map((job, n) => ({
    ledger_id,
    job_id: job.id,
    attempt: job.attempt,
    worker_id: dead,
    claim_token: job.claim_token,
    outcome: { type: "completed", output: `{"n":${n}}` },
  }));
});

const spoolPath = (id = dead) => join(dataDir, "spool", `${id}.spool`);
const leave = (bytes: Buffer) => writeFile(spoolPath(), bytes);
const replay = () =>
  startWorker(place, { definitions: [kind("noop", () => "run again")], dataDir, queues: ["elsewhere"] });
const left = async () => (await readdir(join(dataDir, "spool"))).filter((name) => name.startsWith(dead));

/** The outcomes in files that the ledger had no record of. */
async function unrecorded(): Promise<unknown[]> {
  const folder = join(dataDir, "unrecorded");
  const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(texts)).map((text) => JSON.parse(text) as unknown);
}

async function statuses(): Promise<(string | undefined)[]> {
  return await Promise.all(outcomes.map(async ({ job_id }) => (await place.ledger.get(job_id))?.status));
}

describe("a spool that a dead process left behind", () => {
  it("is settled by the next process and removed", async () => {
    await leave(Buffer.concat(outcomes.map(encodeSpoolRecord)));
    const worker = await replay();
    for (const [n, { job_id }] of outcomes.entries()) {
      expect(await terminal(place, job_id)).toMatchObject({ status: "completed", output: { n }, attempt: 1 });
    }
    expect(await left()).toEqual([]);
    await waitFor(() => worker.health().spool_records === 0, { what: "the records to be acknowledged" });
  });

  it("is adopted with the tokens of its claims, so that a claim lost in a failover stays fenced", async () => {
    const [record] = outcomes;
    await leave(encodeSpoolRecord(record!));
    const adopted: Settlement[] = [];
    await createSpoolTakeover({
      folder: join(dataDir, "spool"),
      ledgerId: record!.ledger_id,
      logger: pino({ level: "silent" }),
      adopt: async (records) => adopted.push(...records) > 0,
    })();
    const { ledger_id: _, ...settlement } = record!;
    expect(adopted).toEqual([settlement]);
    expect(settlement.claim_token).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("with an incomplete last record is settled up to the last good record", async () => {
    await leave(Buffer.concat(outcomes.map(encodeSpoolRecord)).subarray(0, -5));
    await replay();
    await terminal(place, outcomes[1]!.job_id);
    expect(await statuses()).toEqual(["completed", "completed", "running"]);
    expect(await left()).toEqual([]);
  });

  it("with damage in the middle is settled before and after it, and the file is set aside", async () => {
    const records = outcomes.map(encodeSpoolRecord);
    records[1]!.fill(0xff, 20, 40);
    const bytes = Buffer.concat(records);
    await leave(bytes);
    await replay();
    await terminal(place, outcomes[2]!.job_id);
    expect(await statuses()).toEqual(["completed", "running", "completed"]);
    expect(await left()).toEqual([`${dead}.spool.damaged`]);
    expect(await readFile(`${spoolPath()}.damaged`)).toEqual(bytes);
  });

  it("replayed twice changes nothing the second time", async () => {
    const bytes = Buffer.concat([...outcomes, ...outcomes].map(encodeSpoolRecord));
    await leave(bytes);
    const worker = await replay();
    await terminal(place, outcomes[2]!.job_id);
    await waitFor(() => worker.health().spool_records === 0, { what: "every record to be acknowledged" });
    for (const { job_id } of outcomes)
      expect(await place.ledger.get(job_id)).toMatchObject({ status: "completed", version: 3 });
  });

  it("whose claim a failover lost does not settle the claim that followed it", async () => {
    const [lost, ...held] = outcomes as [SpoolRecord, SpoolRecord, SpoolRecord];
    const records = [{ ...lost, claim_token: newId() }, ...held];
    await leave(Buffer.concat(records.map(encodeSpoolRecord)));
    const worker = await replay();
    await terminal(place, held[1]!.job_id);
    await waitFor(() => worker.health().spool_records === 0, { what: "the answer to every record" });
    expect(await statuses()).toEqual(["running", "completed", "completed"]);
    expect(await unrecorded()).toEqual([
      { job_id: lost.job_id, attempt: 1, worker_id: dead, outcome: { type: "completed", output: { n: 0 } } },
    ]);
  });

  it("of a ledger that was put back to before those attempts is kept in files, and their jobs run again", async () => {
    const [unknown, waiting, known] = outcomes as [SpoolRecord, SpoolRecord, SpoolRecord];
    const records = [{ ...unknown, job_id: newId() }, { ...waiting, attempt: 2 }, known];
    await takeAway(place.database, waiting.job_id);
    await leave(Buffer.concat(records.map(encodeSpoolRecord)));
    const lines: string[] = [];
    const logger = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
    const worker = await startWorker(place, {
      definitions: [kind("noop", () => "run again")],
      dataDir,
      logger,
    });
    const jobs = await Promise.all(outcomes.map(({ job_id }) => terminal(place, job_id)));
    expect(jobs.map(({ output }) => output)).toEqual(["run again", "run again", { n: 2 }]);
    await waitFor(() => worker.health().spool_records === 0, { what: "the answer to every record" });
    const kept = (record: SpoolRecord, n: number) => ({
      job_id: record.job_id,
      attempt: record.attempt,
      worker_id: dead,
      outcome: { type: "completed", output: { n } },
    });
    expect(await unrecorded()).toEqual(expect.arrayContaining([kept(records[0]!, 0), kept(records[1]!, 1)]));
    expect(await unrecorded()).toHaveLength(2);
    expect(lines.map((line) => (JSON.parse(line) as { status: unknown }).status)).toHaveLength(2);
  });

  it("is left alone while its process is alive", async () => {
    const lock = await acquireFileLock(`${spoolPath()}.lock`);
    await leave(Buffer.concat(outcomes.map(encodeSpoolRecord)));
    await replay();
    expect(await statuses()).toEqual(["running", "running", "running"]);
    expect(await left()).toHaveLength(2);
    if (lock.held) await lock.release();
  });

  it("is left alone by a worker that cannot copy it into its own spool", async () => {
    const bytes = Buffer.concat(outcomes.map(encodeSpoolRecord));
    await leave(bytes);
    const openSpoolFile = () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" }));
    const definitions = [kind("noop", () => "run again")];
    await startWorker(place, { definitions, dataDir, queues: ["elsewhere"], openSpoolFile });
    expect(await statuses()).toEqual(["running", "running", "running"]);
    expect(await readFile(spoolPath())).toEqual(bytes);
  });

  it("without a record is removed, and so is a lock without a spool", async () => {
    await leave(Buffer.alloc(0));
    const gone = newId();
    const holder = { pid: 2 ** 22 + 1, started: null, namespace: null, nonce: "0".repeat(16) };
    const mine = await acquireFileLock(join(dataDir, "probe"));
    const { namespace } = JSON.parse(await readFile(join(dataDir, "probe"), "utf8")) as typeof holder;
    if (mine.held) await mine.release();
    await writeFile(`${spoolPath(gone)}.lock`, JSON.stringify({ ...holder, namespace }));
    const worker = await replay();
    expect((await readdir(join(dataDir, "spool"))).filter((name) => !name.startsWith(worker.id))).toEqual([]);
  });

  it("with the outcome of a job that has run again since keeps it as a late result", async () => {
    await leave(encodeSpoolRecord({ ...outcomes[0]!, attempt: 1 }));
    await takeAway(place.database, outcomes[0]!.job_id);
    expect(await statuses()).toEqual(["pending", "pending", "pending"]);
    const other = await registerWorker(place);
    await claim(place, other, 3);
    await replay();
    const late = await waitFor(async () => (await place.ledger.lateResults(outcomes[0]!.job_id))[0], {
      what: "the late result",
    });
    expect(late).toMatchObject({
      attempt: 1,
      worker_id: dead,
      outcome: { type: "completed", output: { n: 0 } },
    });
    expect(await place.ledger.get(outcomes[0]!.job_id)).toMatchObject({ status: "running", attempt: 2 });
  });
});

describe("a spool of another ledger in a shared data directory", () => {
  const logTo = (lines: string[]) =>
    pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const startIn = (bench: Bench, more: object = {}) =>
    startWorker(bench, { definitions: [kind("noop", () => null)], dataDir, queues: ["elsewhere"], ...more });

  it("is left alone and reported, and the next worker of its own ledger settles it", async () => {
    const other = await openBench("pglite");
    const bytes = Buffer.concat(outcomes.map(encodeSpoolRecord));
    await leave(bytes);
    const lines: string[] = [];
    await startIn(other, { logger: logTo(lines) });
    expect(await readFile(spoolPath())).toEqual(bytes);
    expect(await left()).toEqual([`${dead}.spool`]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        folder: join(dataDir, "spool"),
        spool: spoolPath(),
        ledger_id: outcomes[0]!.ledger_id,
        own_ledger_id: await other.ledger.identity(),
        msg: expect.stringContaining("another ledger"),
      },
    ]);
    await startIn(place);
    for (const { job_id } of outcomes)
      expect(await terminal(place, job_id)).toMatchObject({ status: "completed", attempt: 1 });
    expect(await left()).toEqual([]);
  });

  it("is reported once, however often it is found", async () => {
    await leave(Buffer.concat(outcomes.map(encodeSpoolRecord)));
    const lines: string[] = [];
    const adopted: unknown[] = [];
    const takeOver = createSpoolTakeover({
      folder: join(dataDir, "spool"),
      ledgerId: newId(),
      logger: logTo(lines),
      adopt: async (records) => adopted.push(records) > 0,
    });
    for (let round = 0; round < 3; round += 1) await takeOver();
    expect(lines).toHaveLength(1);
    expect(adopted).toEqual([]);
  });

  it("and one of its own are not taken over while the ledger does not say which it is", async () => {
    const bytes = Buffer.concat(outcomes.map(encodeSpoolRecord));
    await leave(bytes);
    const down = new DatabaseUnavailableError("down", null);
    const ledger = { ...place.ledger, identity: () => Promise.reject(down) };
    await expect(startIn({ ...place, ledger })).rejects.toThrow(down);
    expect(await readFile(spoolPath())).toEqual(bytes);
    expect(await statuses()).toEqual(["running", "running", "running"]);
    await startIn(place);
    await terminal(place, outcomes[2]!.job_id);
  });

  it("is named in every record that a worker writes", async () => {
    const spool = new Spool({ folder: join(dataDir, "spool"), workerId: newId() });
    const ledgerId = newId();
    await spool.start(ledgerId);
    await spool.append(outcomes.map((outcome) => newUnsettled(outcome, performance.now())));
    const { records } = decodeSpool(await readFile(spool.path));
    expect(records.map(({ ledger_id, job_id }) => [ledger_id, job_id])).toEqual(
      outcomes.map(({ job_id }) => [ledgerId, job_id]),
    );
    await spool.stop();
  });
});

describe("the spool file", () => {
  it("holds what was appended, also after an append that failed halfway", async () => {
    const path = join(dataDir, "a", "b.spool");
    const file = await openSpoolFile(path);
    await file.append(Buffer.from("one"));
    // A failed write leaves this behind: bytes after the last good record.
    await writeFile(path, "torn", { flag: "a" });
    await file.append(Buffer.from("two"));
    expect(await readFile(path, "utf8")).toBe("onetwo");
    await file.clear();
    await file.append(Buffer.from("three"));
    expect(await readFile(path, "utf8")).toBe("three");
    await file.close();
  });
});
