import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import {
  type ArchiveOutcome,
  type ArchiveRunOptions,
  type ArchiveSink,
  createDiskSink,
  readRecord,
  runArchive,
} from "../../src/archive/index.js";
import type { Job } from "../../src/job/index.js";
import type { SubmitRequest } from "../../src/ledger/index.js";
import {
  type Bench,
  claimOne,
  completed,
  type Engine,
  openBench,
  registerWorker,
  settle,
  submitNoop,
} from "../ledger/engines.js";

/** A ledger whose archive is in a folder for this test alone. */
export interface ArchiveBench extends Bench {
  readonly dir: string;
  readonly sink: ArchiveSink;
  /**
   * Archives everything finished until now, once no transaction of another test is open from before
   * that.
   */
  run(options?: Partial<ArchiveRunOptions>): Promise<ArchiveOutcome>;
  /** The same, without waiting for open transactions. */
  runNow(options?: Partial<ArchiveRunOptions>): Promise<ArchiveOutcome>;
  /** Submits a job and completes it. */
  finished(request?: Partial<SubmitRequest>, output?: unknown): Promise<Job>;
  /** The names of all archive files. */
  files(): Promise<string[]>;
  /** The ids of the jobs that are still rows. */
  rows(): Promise<string[]>;
}

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function archiveFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-archive-"));
  folders.push(dir);
  return dir;
}

export async function openArchive(engine: Engine): Promise<ArchiveBench> {
  const dir = await archiveFolder();
  const sink = createDiskSink(dir);
  const bench = await openBench(engine, { readArchive: (place) => readRecord(sink, place) });
  const workerId = await registerWorker(bench);
  const runNow = (options: Partial<ArchiveRunOptions> = {}) =>
    runArchive({ ledger: bench.ledger.archive, sink, olderThanMs: 0, ...options });
  return {
    ...bench,
    dir,
    sink,
    runNow,
    async run(options) {
      await untilSettled(bench);
      return await runNow(options);
    },
    async finished(request = {}, output = { ok: true }) {
      const { id } = await submitNoop(bench, request);
      await settle(bench, await claimOne(bench, workerId), completed(output));
      const job = await bench.ledger.get(id);
      if (job?.status !== "completed") throw new Error(`job ${id} is ${job?.status}`);
      return job;
    },
    async files() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
        .sort();
    },
    async rows() {
      const { rows } = await bench.database.query<{ id: string }>("select id from jobs order by id");
      return rows.map((row) => row.id);
    },
  };
}

/** Transactions in other databases of the test server count as open too. */
export async function untilSettled({ database }: Bench): Promise<void> {
  const isSettled = async () =>
    (await database.query("select from changes where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1"))
      .rows.length === 0;
  await waitFor(isSettled, { what: "older transactions to end" });
}

/** The members of a job that do not depend on when and where it was read. */
export function lasting(job: Job | null): Partial<Job> {
  const { as_of: _asOf, archived: _archived, archive: _archive, ...rest } = job ?? ({} as Job);
  return rest;
}
