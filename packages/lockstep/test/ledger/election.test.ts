import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { programOf } from "../../../../tests/runner/program.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { Maintenance } from "../../src/ledger/index.js";
import { openProxy } from "../worker/proxy.js";
import {
  type Bench,
  claimOne,
  ENGINES,
  openBench,
  openSecond,
  registerWorker,
  submitNoop,
} from "./engines.js";

const PROGRAM = programOf(new URL("maintenance-program.ts", import.meta.url));

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** The maintenance of this process; its lease is short. */
async function standBy({ ledger }: Bench): Promise<Maintenance> {
  const maintenance = ledger.createMaintenance({ leaseSeconds: 1, graceSeconds: 1 });
  endings.push(() => maintenance.stop());
  await maintenance.start();
  return maintenance;
}

const toLead = (maintenance: Maintenance) =>
  waitFor(() => maintenance.leads, { what: "this process to lead" });

/** A separate process that leads. */
async function startLeader(url: string | null) {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, JSON.stringify({ url })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endings.push(() => child.kill("SIGKILL"));
  let latest = "";
  createInterface({ input: child.stdout! }).on("line", (line) => {
    latest = line;
  });
  const until = (leads: boolean) =>
    waitFor(() => latest === String(leads), { what: `a process that ${leads ? "leads" : "stands by"}` });
  await until(true);
  return { child, until };
}

async function beats({ database }: Bench): Promise<number> {
  const text = `select beat::integer as beat from ${database.schema}.maintenance_leader`;
  return (await database.query<{ beat: number }>(text)).rows[0]?.beat ?? 0;
}

describe.each(ENGINES)("the maintenance on %s", (engine) => {
  it("is led by one process, which says who it is and lets another one lead when it stops", async () => {
    const bench = await openBench(engine);
    expect(await bench.ledger.maintenanceLeader()).toBeNull();
    const first = await standBy(bench);
    await toLead(first);
    const leader = await bench.ledger.maintenanceLeader();
    expect(leader).toMatchObject({ pid: process.pid });
    await first.stop();
    expect(first.leads).toBe(false);
    expect(await bench.ledger.maintenanceLeader()).toBeNull();
    const second = await standBy(bench);
    await toLead(second);
    expect((await bench.ledger.maintenanceLeader())?.id).not.toBe(leader?.id);
  });
});

describe("of several processes", () => {
  it("one leads while its beat goes on, and the others do no maintenance", async () => {
    const bench = await openBench("postgres");
    const first = await standBy(bench);
    await toLead(first);
    const others = [await standBy(await openSecond(bench)), await standBy(await openSecond(bench))];
    const before = await beats(bench);
    await waitFor(async () => (await beats(bench)) >= before + 7, { what: "seven beats" });
    expect([first, ...others].map(({ leads }) => leads)).toEqual([true, false, false]);
    await first.stop();
    await waitFor(() => others.some(({ leads }) => leads), { what: "another one to lead" });
    expect(others.filter(({ leads }) => leads)).toHaveLength(1);
  });

  it("a standby takes over from one that was killed, and takes a dead worker's job back", async () => {
    const bench = await openBench("postgres");
    const { child } = await startLeader(bench.url);
    const standby = await standBy(bench);
    const job = await submitNoop(bench);
    child.kill("SIGKILL");
    await claimOne(bench, await registerWorker(bench));
    await waitFor(async () => (await bench.ledger.get(job.id))?.reason === "lost", { what: "the sweep" });
    expect(standby.leads).toBe(true);
  });

  it("a standby takes over from one that was stopped, which stands by when it continues", async () => {
    const bench = await openBench("postgres");
    const { child, until } = await startLeader(bench.url);
    const standby = await standBy(bench);
    child.kill("SIGSTOP");
    await toLead(standby);
    const leader = await bench.ledger.maintenanceLeader();
    child.kill("SIGCONT");
    await until(false);
    expect(standby.leads).toBe(true);
    expect(await bench.ledger.maintenanceLeader()).toEqual(leader);
  });

  it("one that cannot reach the database stops leading, and a standby takes over", async () => {
    const bench = await openBench("postgres");
    const proxy = await openProxy(bench.url ?? "");
    const first = await standBy(await openSecond({ ...bench, url: proxy.url }));
    endings.push(() => proxy.close());
    await toLead(first);
    const standby = await standBy(bench);
    proxy.cut();
    await toLead(standby);
    await waitFor(() => !first.leads, { what: "the other to notice" });
    proxy.restore();
    const before = await beats(bench);
    await waitFor(async () => (await beats(bench)) >= before + 3, { what: "three beats" });
    expect([first.leads, standby.leads]).toEqual([false, true]);
  });

  it("a leader whose row says another hour is replaced after the same time as any other", async () => {
    const bench = await openBench("postgres");
    await bench.database.query(
      "update lockstep.maintenance_leader set leader = gen_random_uuid(), since = clock_timestamp() + interval '1 hour'",
    );
    await toLead(await standBy(bench));
  });
});
