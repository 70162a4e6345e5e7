import { join } from "node:path";
import { inspect } from "node:util";
import { createLockstep, defineJob, type Lockstep, LockstepError, NonRetryableError } from "lockstep";
import { internalsOf } from "lockstep/internal/internals";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { DEADLINE_MS } from "../../../tests/runner/deadline.js";
import { type FreshDatabase, freshDatabase } from "../../../tests/servers/database.js";
import { temporaryFolder } from "./run-cli.js";

const double = defineJob({
  kind: "double",
  input: z.object({ number: z.coerce.number<string | number>() }),
  run: ({ number }) => ({ doubled: number * 2, at: new Date(0) }),
});
const fail = defineJob({
  kind: "fail",
  input: z.object({}),
  run(): never {
    throw new NonRetryableError("no", { code: "NO" });
  },
});
const hang = defineJob({
  kind: "hang",
  input: z.object({}),
  run: (_input, { signal }) =>
    new Promise<null>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
});
const jobs = [double, fail, hang];

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof LockstepError ? error.code : error),
  );

describe.each(["embedded", "postgres"] as const)("the client on %s", (engine) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: FreshDatabase | null = null;
  let lockstep: Lockstep;

  beforeAll(async () => {
    folder = await temporaryFolder();
    database = engine === "postgres" ? await freshDatabase() : null;
    lockstep = await createLockstep({
      dataDir: join(folder.path, "data"),
      jobs,
      ...(database ? { databaseUrl: database.url } : {}),
    });
    await lockstep.work({ concurrency: 4 });
  });

  afterAll(async () => {
    await lockstep?.close();
    await database?.drop();
    await folder.remove();
  });

  it("records the kinds that it defines", async () => {
    const kinds = await internalsOf(lockstep).ledger.kinds.find(["double", "fail"]);
    expect(kinds).toMatchObject([
      { kind: "double", queue: "default", max_attempts: 3, input_schema: { properties: { number: {} } } },
      { kind: "fail", input_schema: { type: "object" } },
    ]);
  });

  it("runs a job and returns its output, for the job and for its id", async () => {
    const job = await lockstep.submit(double, { number: "21" });
    expect(job).toMatchObject({ kind: "double", version: 1, deduplicated: null, input: { number: "21" } });
    const done = await lockstep.wait(job);
    expect(done.output.doubled + 0).toBe(42);
    expect(done.output.at).toBe("1970-01-01T00:00:00.000Z");
    expect((await lockstep.wait(job.id, { timeout: DEADLINE_MS })).output.doubled).toBe(42);
    expect(await lockstep.get(job.id)).toMatchObject({ status: "completed", version: 3, source: "ledger" });
  });

  it("rejects an invalid input, names the place of the fault, and records nothing", async () => {
    const before = (await lockstep.list({ kind: "double" })).jobs.length;
    const refused = lockstep.submit("double", { number: "x" });
    await expect(refused).rejects.toMatchObject({ code: "INVALID_INPUT", issues: [{ pointer: "/number" }] });
    expect((await lockstep.list({ kind: "double" })).jobs).toHaveLength(before);
  });

  it("wait throws an error that says how the job ended when it did not complete", async () => {
    expect(await codeOf(lockstep.wait((await lockstep.submit(fail, {})).id))).toBe("JOB_FAILED");
    const hanging = await lockstep.submit(hang, {});
    expect(await codeOf(lockstep.wait(hanging, { timeout: 50 }))).toBe("WAIT_TIMEOUT");
    await lockstep.cancel(hanging.id);
    expect(await codeOf(lockstep.wait(hanging))).toBe("JOB_CANCELLED");
    expect(await codeOf(lockstep.wait("0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e"))).toBe("JOB_NOT_FOUND");
  });

  it("retry starts a new run of a finished job", async () => {
    const job = await lockstep.submit(double, { number: 1 });
    await lockstep.wait(job);
    await lockstep.retry(job.id);
    expect(await lockstep.wait(job)).toMatchObject({ attempt: 2, version: 6 });
    expect(await codeOf(lockstep.cancel(job.id))).toBe("ALREADY_FINISHED");
  });

  it("passes on every option of a submit", async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    const options = {
      runAt,
      priority: -5,
      tags: ["a"],
      queue: "slow",
      maxAttempts: 7,
      timeout: "2m",
      uniqueKey: "one",
    };
    const job = await lockstep.submit(double, { number: 1 }, options);
    expect(job).toMatchObject({
      priority: -5,
      tags: ["a"],
      queue: "slow",
      max_attempts: 7,
      timeout_ms: 120_000,
      unique_key: "one",
      status: "pending",
    });
    expect(Date.parse(job.run_at)).toBe(runAt.getTime());
    expect(await lockstep.submit(double, { number: 1 }, options)).toMatchObject({
      id: job.id,
      deduplicated: "unique_key",
    });
    await lockstep.cancel(job.id);
  });

  it("records one job for one idempotency key", async () => {
    const submit = (number: number) => lockstep.submit(double, { number }, { idempotencyKey: "once" });
    const first = await submit(1);
    expect(await submit(1)).toMatchObject({ id: first.id, deduplicated: "idempotency_key" });
    expect(await codeOf(submit(2))).toBe("IDEMPOTENCY_MISMATCH");
  });

  if (engine === "postgres") {
    it("a job submitted in a transaction exists if and only if the transaction commits", async () => {
      const client = new pg.Client({ connectionString: database?.url });
      await client.connect();
      try {
        const submitIn = async (end: "commit" | "rollback") => {
          await client.query("begin");
          const job = await lockstep.submit(double, { number: 4 }, { tx: client });
          expect(await lockstep.get(job.id)).toBeNull();
          await client.query(end);
          return job;
        };
        expect((await lockstep.wait(await submitIn("commit"))).output.doubled).toBe(8);
        expect(await lockstep.get((await submitIn("rollback")).id)).toBeNull();
      } finally {
        await client.end();
      }
    });
  } else {
    it("a second client on the same folder is refused", async () => {
      expect(await codeOf(createLockstep({ dataDir: join(folder.path, "data"), jobs }))).toBe(
        "DATA_DIR_LOCKED",
      );
    });
  }

  it("close may be called twice, and the folder is free afterwards", async () => {
    const options = {
      dataDir: join(folder.path, "other"),
      jobs,
      ...(database ? { databaseUrl: database.url } : {}),
    };
    const other = await createLockstep(options);
    await other.work();
    await Promise.all([other.close(), other.close()]);
    await (await createLockstep(options)).close();
  });
});

it("two definitions of one kind are rejected before anything is opened", async () => {
  await expect(createLockstep({ dataDir: "/nonexistent", jobs: [double, double] })).rejects.toThrow(
    RangeError,
  );
});

describe("the client", () => {
  it.each([
    ["databaseUrl", { databaseUrl: "postgres//u:hidden@host/name" }],
    ["databaseUrl", { databaseUrl: "mysql://u:hidden@host/name" }],
    ["databaseUrl", { databaseUrl: "" }],
    ["redisUrl", { redisUrl: "host:hidden" }],
  ])("reports that %s is not an address, and does not repeat its value", async (name, addresses) => {
    const error = await createLockstep({ jobs, ...addresses }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining(`${name} must be`),
    });
    expect(inspect(error)).not.toContain("hidden");
  });

  it("reports after its close that it was closed, and accepts undefined for null", async () => {
    const folder = await temporaryFolder();
    const lockstep = await createLockstep({ dataDir: join(folder.path, "data"), jobs });
    const job = await lockstep.submit("of-another-program", undefined);
    expect((await lockstep.get(job.id))?.input).toBeNull();
    expect(await codeOf(lockstep.submit("double", undefined))).toBe("INVALID_INPUT");
    await Promise.all([lockstep.close(), lockstep.close()]);
    const calls = [
      lockstep.get(job.id),
      lockstep.submit(double, { number: 1 }),
      lockstep.wait(job),
      lockstep.work(),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => "SHUTTING_DOWN"));
    await folder.remove();
  });
});
