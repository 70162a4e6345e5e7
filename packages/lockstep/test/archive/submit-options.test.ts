import { describe, expect, it } from "vitest";
import { BATCH_FIELDS, SCHEDULE_FIELDS, type SubmitField, type SubmitFields } from "../../src/job/index.js";
import { completed, ENGINES, registerWorker, settle } from "../ledger/engines.js";
import { make, missed, tick } from "../schedules/schedules.js";
import { type ArchiveBench, openArchive } from "./archived.js";

/** One value for each submit option, none of them a default. */
const VALUES: Required<SubmitFields> = {
  queue: "voices",
  priority: -7,
  run_at: "2020-02-03T04:05:06Z",
  max_attempts: 9,
  timeout_ms: 45_000,
  unique_key: "u",
  limit_key: "customer-7",
  idempotency_key: "i",
  tags: ["a", "b"],
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
};
const ALL = Object.keys(VALUES) as readonly SubmitField[];
/** They are not facts about the job: one leads to it, the other is for its handler. */
const NOT_SHOWN: readonly SubmitField[] = ["idempotency_key", "traceparent"];

function shown(names: readonly SubmitField[]): Record<string, unknown> {
  const facts = names.filter((name) => !NOT_SHOWN.includes(name)).map((name) => [name, VALUES[name]]);
  return Object.fromEntries(facts);
}

function given(names: readonly SubmitField[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, VALUES[name]]));
}

/** The job as it is read while it waits, in a list, while it runs, and from the archive. */
async function everywhere(bench: ArchiveBench, id: string): Promise<Record<string, unknown>[]> {
  const waiting = await bench.ledger.get(id);
  const listed = (await bench.ledger.list({})).jobs.find((job) => job.id === id);
  const worker_id = await registerWorker(bench);
  const asked = { worker_id, queue: VALUES.queue, kinds: ["noop"], limit: 1, after: null };
  const [claimed] = (await bench.ledger.turn([], asked)).claimed;
  if (claimed === undefined) throw new Error("nothing to claim");
  await settle(bench, claimed, completed({}));
  await bench.run();
  const archived = await bench.ledger.get(id);
  expect(archived).toMatchObject({ archived: true });
  return [waiting, listed, claimed, archived].map((job) => {
    const known: Record<string, unknown> = { ...job };
    return { ...known, run_at: String(known.run_at).replace(".000000Z", "Z") };
  });
}

it("a batch and a schedule take every option, except those that only one job can have", () => {
  const left = (names: readonly SubmitField[]) => ALL.filter((name) => !names.includes(name));
  expect(left(BATCH_FIELDS)).toEqual(["unique_key", "idempotency_key", "traceparent"]);
  expect(left(SCHEDULE_FIELDS)).toEqual(["run_at", "idempotency_key", "traceparent"]);
});

describe.each(ENGINES)("the options of a submit on %s", (engine) => {
  it("are shown wherever the job is read", async () => {
    const bench = await openArchive(engine);
    const { job } = await bench.ledger.submit({ kind: "noop", input: {}, ...given(ALL) });
    for (const read of await everywhere(bench, job.id))
      expect(read).toMatchObject({ ...shown(ALL), batch_id: null });
  });

  it("are those of every job of a batch, which are shown with it", async () => {
    const bench = await openArchive(engine);
    const members = [{ input: {}, ...given(BATCH_FIELDS) }];
    const { batch } = await bench.ledger.batches.submit({ kind: "noop", members }, { actor: "tester" });
    const [job] = (await bench.ledger.list({ batch: batch.id })).jobs;
    for (const read of await everywhere(bench, job?.id ?? ""))
      expect(read).toMatchObject({ ...shown(BATCH_FIELDS), batch_id: batch.id });
  });

  it("are those of a schedule, which shows them and gives them to its jobs", async () => {
    const bench = await openArchive(engine);
    expect(await make(bench, given(SCHEDULE_FIELDS))).toMatchObject(shown(SCHEDULE_FIELDS));
    expect(await bench.ledger.schedules.pause("hourly")).toMatchObject(shown(SCHEDULE_FIELDS));
    await bench.ledger.schedules.resume("hourly", () => "2100-01-01T00:00:00Z");
    expect((await bench.ledger.schedules.list()).schedules).toMatchObject([shown(SCHEDULE_FIELDS)]);
    await missed(bench, "0");
    const outcome = await tick(bench);
    for (const read of await everywhere(bench, outcome?.jobs[0] ?? ""))
      expect(read).toMatchObject(shown(SCHEDULE_FIELDS));
  });
});
