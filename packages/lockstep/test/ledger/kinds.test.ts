import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineJob, newId } from "../../src/job/index.js";
import { kindRecord } from "../../src/ledger/index.js";
import { type Bench, ENGINES, openBench, openSecond } from "./engines.js";

const run = () => null;
const options = {
  kind: "send-mail",
  description: "Sends a letter",
  queue: "mail",
  input: z.object({ to: z.email() }),
  retry: { maxAttempts: 5, baseDelay: "2s", maxDelay: "1m" },
  timeout: "30s",
  priority: -3,
  limitKey: "smtp",
  run,
} as const;
const mail = defineJob(options);
const mailLater = defineJob({ ...options, description: "Sends a letter later", queue: "post" });

/** The transactions that wrote and locked the row of each kind last. */
async function writes({ database }: Bench): Promise<Record<string, string>> {
  const { rows } = await database.query<{ name: string; touched: string }>(
    "select name, xmin::text || ' ' || xmax::text as touched from kinds",
  );
  return Object.fromEntries(rows.map(({ name, touched }) => [name, touched]));
}

const registration = (kinds: string[]) => ({
  ...{ id: newId(), name: "w", host: "h", pid: 1, queues: [], concurrency: 1, embedded: false },
  kinds,
});

describe.each(ENGINES)("the kinds that are recorded, on %s", (engine) => {
  it("have what the definition says", async () => {
    const { ledger } = await openBench(engine);
    await ledger.kinds.define([mail]);
    expect(await ledger.kinds.find(["send-mail", "other"])).toEqual([
      {
        kind: "send-mail",
        description: "Sends a letter",
        queue: "mail",
        priority: -3,
        max_attempts: 5,
        timeout_ms: 30_000,
        backoff: { base_delay_ms: 2_000, max_delay_ms: 60_000 },
        limit_key: "smtp",
        input_schema: expect.objectContaining({ type: "object", required: ["to"] }),
        version_hash: kindRecord(mail).version_hash,
        recorded_at: expect.any(String),
      },
    ]);
  });

  it("are listed by name, in pages", async () => {
    const { ledger } = await openBench(engine);
    await ledger.kinds.record(["c", "a", "b"].map((kind) => kindRecord(defineJob({ ...options, kind }))));
    const first = await ledger.kinds.list({ limit: 2 });
    expect([first.kinds.map(({ kind }) => kind), first.next]).toEqual([["a", "b"], "b"]);
    const second = await ledger.kinds.list({ limit: 2, after: "b" });
    expect([second.kinds.map(({ kind }) => kind), second.next]).toEqual([["c"], null]);
    expect(await ledger.kinds.names()).toEqual(["a", "b", "c"]);
  });

  it("are written again only when the definition has changed", async () => {
    const bench = await openBench(engine);
    const { kinds } = bench.ledger;
    await kinds.record([kindRecord(mail), kindRecord(defineJob({ ...options, kind: "other" }))]);
    const before = await writes(bench);
    await kinds.record([kindRecord(mail)]);
    expect(await writes(bench)).toEqual(before);
    await kinds.record([kindRecord(mailLater), kindRecord(defineJob({ ...options, kind: "other" }))]);
    const after = await writes(bench);
    expect(after["send-mail"]).not.toBe(before["send-mail"]);
    expect(after.other).toBe(before.other);
    expect((await kinds.find(["send-mail"]))[0]).toMatchObject({ queue: "post" });
  });

  it("stay as they are when a worker names them without a definition", async () => {
    const { ledger } = await openBench(engine);
    await ledger.register(registration(["named", "send-mail"]));
    await ledger.kinds.define([mail]);
    await ledger.register(registration(["named", "send-mail"]));
    expect(await ledger.kinds.find(["named", "send-mail"])).toMatchObject([
      { kind: "named", queue: "default", max_attempts: 3, input_schema: null, version_hash: null },
      { kind: "send-mail", queue: "mail" },
    ]);
  });
});

describe("the kinds of several processes", () => {
  it("are those of the process that started last, also when an old one registers again", async () => {
    const old = await openBench("postgres");
    const fresh = await openSecond(old);
    await old.ledger.kinds.define([mail]);
    await fresh.ledger.kinds.define([mailLater]);
    const before = await writes(old);
    expect(await old.ledger.kinds.define([mail])).toEqual([]);
    expect(await writes(old)).toEqual(before);
    expect((await old.ledger.kinds.find(["send-mail"]))[0]).toMatchObject({ queue: "post" });
    // A rollback starts the old version again.
    await (await openSecond(old)).ledger.kinds.define([mail]);
    expect((await old.ledger.kinds.find(["send-mail"]))[0]).toMatchObject({ queue: "mail" });
  });

  it("never block each other when two versions start at the same time", async () => {
    const bench = await openBench("postgres");
    const names = Array.from({ length: 60 }, (_, n) => `kind-${n}`);
    const version = (description: string) =>
      names.map((kind) => kindRecord(defineJob({ ...options, kind, description })));
    const versions = [version("one"), version("two").reverse(), version("three")];
    for (let round = 0; round < 10; round += 1)
      await Promise.all([
        ...versions.map((each) => bench.ledger.kinds.record(each)),
        bench.ledger.register(registration([...names].reverse())),
      ]);
    const { kinds } = await bench.ledger.kinds.list({ limit: 1_000 });
    expect(kinds).toHaveLength(60);
  });
});
