import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Postgres, startPostgres } from "../../../../tests/servers/database.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { type Database, openDatabase } from "../../src/database/index.js";
import { defineJob } from "../../src/job/index.js";
import { migrate, openLedger } from "../../src/ledger/index.js";
import type { OpenSpoolFile } from "../../src/worker/spool-file.js";
import { openSpoolFile } from "../../src/worker/spool-file.js";
import { blockingHandler, kind, newFolder, type Place, startWorker, submit, terminal } from "./setup.js";
import { startWorkerProcess } from "./worker-process.js";

let postgres: Postgres;
let database: Database;
let place: Place;

beforeEach(async () => {
  postgres = await startPostgres();
  database = await openDatabase({ url: postgres.url });
  await migrate(database);
  place = { ledger: openLedger(database), database, url: postgres.url };
});

afterEach(async () => {
  await place.ledger.close();
  await database.close();
  await postgres.remove();
});

const spools = async (dataDir: string) =>
  (await readdir(join(dataDir, "spool"))).filter((name) => name.endsWith(".spool"));

describe("while the database is down", () => {
  it("outcomes go to the spool, and into the ledger when it is back", async () => {
    const dataDir = await newFolder();
    const handler = blockingHandler();
    const ids = [
      await submit(place, "blocking"),
      await submit(place, "blocking"),
      await submit(place, "blocking"),
    ];
    const definition = defineJob({
      kind: "blocking",
      input: z.any(),
      retry: { baseDelay: "10m" },
      run: handler.run(true),
    });
    const worker = await startWorker(place, { definitions: [definition], dataDir });
    await waitFor(() => handler.inside().length === 3, { what: "the handlers to run" });

    await postgres.stop();
    handler.letGo(1, { n: 1 });
    handler.letGo(1, { n: 2 });
    handler.fail(new Error("failed meanwhile"));
    await waitFor(() => worker.health().spool_records === 3, { what: "the outcomes to be spooled" });
    expect(worker.health()).toMatchObject({ running: 0, degraded: false });
    expect(await spools(dataDir)).toEqual([`${worker.id}.spool`]);

    await postgres.start();
    await waitFor(() => worker.health().spool_records === 0, { what: "the outcomes to be settled" });
    expect(await place.ledger.get(ids[0]!)).toMatchObject({
      status: "completed",
      output: { n: 1 },
      attempt: 1,
    });
    expect(await place.ledger.get(ids[1]!)).toMatchObject({
      status: "completed",
      output: { n: 2 },
      attempt: 1,
    });
    expect(await place.ledger.get(ids[2]!)).toMatchObject({
      status: "pending",
      reason: "retry",
      failures: 1,
    });

    const next = await submit(place, "blocking");
    await waitFor(() => handler.inside().includes(next), { what: "the worker to claim again" });
    handler.letGo();
    await terminal(place, next);
    await worker.stop();
    expect(await readdir(join(dataDir, "spool"))).toEqual([]);
  });

  it("a stopped worker leaves its outcomes to the next worker", async () => {
    const dataDir = await newFolder();
    const handler = blockingHandler();
    const id = await submit(place, "blocking");
    const first = await startWorker(place, { definitions: [kind("blocking", handler.run(true))], dataDir });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await postgres.stop();
    handler.letGo(1, "found before the stop");
    await waitFor(() => first.health().spool_records === 1, { what: "the outcome to be spooled" });
    await first.stop({ force: true });
    expect(await spools(dataDir)).toEqual([`${first.id}.spool`]);

    await postgres.start();
    await startWorker(place, { definitions: [kind("blocking", handler.run(true))], dataDir });
    expect(await terminal(place, id)).toMatchObject({
      status: "completed",
      output: "found before the stop",
      attempt: 1,
    });
    expect(await spools(dataDir)).not.toContain(`${first.id}.spool`);
  });

  it("a result survives the SIGKILL of the process that holds it", async () => {
    const dataDir = await newFolder();
    const file = join(dataDir, "go");
    const id = await submit(place, "gate", { file });
    const child = startWorkerProcess({ url: postgres.url, dataDir, leaseSeconds: 30 });
    await waitFor(() => child.latest()?.jobs.includes(id), { what: "the handler to run" });
    await postgres.stop();
    await writeFile(file, "");
    await waitFor(() => child.latest()?.spool_records === 1, { what: "the result to be spooled" });
    const { id: deadWorker } = child.latest()!;
    await child.kill();

    await postgres.start();
    await startWorker(place, { definitions: [kind("gate", () => "run again")], dataDir });
    const job = await terminal(place, id);
    expect(job).toMatchObject({
      status: "completed",
      output: { attempt: 1 },
      attempt: 1,
      actor: `worker:${deadWorker}`,
    });
    expect((await readdir(join(dataDir, "spool"))).filter((name) => name.startsWith(deadWorker))).toEqual([]);
  });

  it("and the disk is full, results stay in memory, nothing is claimed, and health reports it", async () => {
    const handler = blockingHandler();
    const full = fullDisk();
    const id = await submit(place, "blocking");
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true))],
      openSpoolFile: full.open,
    });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await postgres.stop();
    handler.letGo(1, "held in memory");
    await waitFor(() => worker.health().degraded, { what: "the worker to say that it is degraded" });
    expect(worker.health()).toMatchObject({ spool_records: 0, running: 0 });

    await postgres.start();
    expect(await terminal(place, id)).toMatchObject({
      status: "completed",
      output: "held in memory",
      attempt: 1,
    });
    await waitFor(() => !worker.health().degraded, { what: "the worker to recover" });
    const next = await submit(place, "blocking");
    await waitFor(() => handler.inside().includes(next), { what: "the worker to claim again" });
    handler.letGo();
  });

  it("and the disk is full for a while, the results are spooled when there is room", async () => {
    const handler = blockingHandler();
    const full = fullDisk();
    await submit(place, "blocking");
    const worker = await startWorker(place, {
      definitions: [kind("blocking", handler.run(true))],
      openSpoolFile: full.open,
    });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await postgres.stop();
    handler.letGo();
    await waitFor(() => worker.health().degraded, { what: "the worker to say that it is degraded" });
    full.makeRoom();
    await waitFor(() => worker.health().spool_records === 1, { what: "the result to be spooled" });
    expect(worker.health().degraded).toBe(false);
    await postgres.start();
    await waitFor(() => worker.health().spool_records === 0, { what: "the result to be settled" });
  });

  it("for longer than two thirds of the lease, handlers learn that the lease is lost, and their jobs run again", async () => {
    const handler = blockingHandler();
    const id = await submit(place, "blocking");
    await startWorker(place, { definitions: [kind("blocking", handler.run(true))], leaseSeconds: 4.5 });
    await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
    await postgres.stop();
    await waitFor(() => handler.aborted.length === 1, { what: "the signal" });
    expect(handler.aborted).toEqual(["LEASE_LOST"]);
    await postgres.start();
    await waitFor(() => handler.inside().includes(id), { what: "the job to run again" });
    handler.letGo(1, "second time");
    expect(await terminal(place, id)).toMatchObject({
      status: "completed",
      output: "second time",
      attempt: 2,
      failures: 0,
    });
  });
});

/** A disk without room for a record, until room is made. */
function fullDisk(): { open: OpenSpoolFile; makeRoom(): void } {
  let isFull = true;
  return {
    makeRoom() {
      isFull = false;
    },
    async open(path) {
      const file = await openSpoolFile(path);
      return {
        ...file,
        async append(bytes) {
          if (isFull) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
          await file.append(bytes);
        },
      };
    },
  };
}
