import { describe, expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { ClaimedJob, Ledger } from "../../src/ledger/index.js";
import { ENGINES, openBench } from "../ledger/engines.js";
import { blockingHandler, kind, startWorker, submit, terminal } from "./setup.js";

/** The ledger, whose jobs of the kind `killer` have been lost twice. */
function withLosses(ledger: Ledger): Ledger {
  const lost = (job: ClaimedJob) => (job.kind === "killer" ? { ...job, losses: 2 } : job);
  return new Proxy(ledger, {
    get(target, name) {
      if (name !== "turn") return Reflect.get(target, name) as unknown;
      return async (...args: Parameters<Ledger["turn"]>) => {
        const result = await target.turn(...args);
        return { ...result, claimed: result.claimed.map(lost) };
      };
    },
  });
}

describe.each(ENGINES)("a worker on %s", (engine) => {
  it("runs jobs that were lost twice alone, each in its turn, and completes all others", async () => {
    const place = await openBench(engine);
    const running = new Set<string>();
    const company: string[][] = [];
    const record = async (name: string) => {
      running.add(name);
      if ([...running].some((one) => one.startsWith("killer"))) company.push([...running]);
      for (let query = 0; query < 5; query += 1) await place.database.query("select 1");
      running.delete(name);
    };
    const jobs = Array.from({ length: 60 }, (_, n) => ({
      kind: n % 20 === 7 ? "killer" : "other",
      input: { name: `${n % 20 === 7 ? "killer" : "other"} ${n}` },
    }));
    const submitted = await place.ledger.submitMany(jobs);
    const run = ({ name }: Record<string, unknown>) => record(name as string);
    await startWorker(
      { ...place, ledger: withLosses(place.ledger) },
      { definitions: [kind("killer", run), kind("other", run)], concurrency: 8 },
    );
    for (const { job } of submitted)
      expect(await terminal(place, job.id)).toMatchObject({ status: "completed", attempt: 1, failures: 0 });
    expect(company.sort()).toEqual([["killer 27"], ["killer 47"], ["killer 7"]]);
  });

  it("waits for a neighbour, and releases the job when it stops meanwhile", async () => {
    const place = await openBench(engine);
    const handler = blockingHandler();
    const killers = blockingHandler();
    const worker = await startWorker(
      { ...place, ledger: withLosses(place.ledger) },
      { definitions: [kind("other", handler.run(true)), kind("killer", killers.run(true))], concurrency: 4 },
    );
    const other = await submit(place, "other");
    await waitFor(() => handler.inside().length === 1, { what: "the neighbour to run" });
    const killer = await submit(place, "killer");
    await waitFor(async () => (await place.ledger.get(killer))?.status === "running", { what: "the claim" });
    const late = await submit(place, "other");
    const stopped = worker.stop();
    await waitFor(async () => (await place.ledger.get(killer))?.status === "pending", {
      what: "the release",
    });
    handler.letGo();
    await stopped;
    expect(killers.most()).toBe(0);
    expect(await place.ledger.get(killer)).toMatchObject({ reason: "released", failures: 0 });
    expect(await place.ledger.get(other)).toMatchObject({ status: "completed" });
    expect(await place.ledger.get(late)).toMatchObject({ status: "pending", attempt: 0 });
  });
});
