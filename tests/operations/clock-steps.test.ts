import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "lockstep/internal/database";
import { migrate, openLedger } from "lockstep/internal/ledger";
import { Scheduler } from "lockstep/internal/schedules";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Bench,
  claimOne,
  failed,
  registerWorker,
  settle,
  submitNoop,
} from "../../packages/lockstep/test/ledger/engines.js";
import { make, submittedFor } from "../../packages/lockstep/test/schedules/schedules.js";
import {
  blockingHandler,
  kind,
  startWorker,
  submit,
  terminal,
} from "../../packages/lockstep/test/worker/setup.js";
import { startPostgres } from "../servers/database.js";
import { type MovableClock, movableClock } from "../servers/movable-clock.js";
import { waitFor } from "../servers/wait-for.js";

const HOUR_SECONDS = 3_600;
const LEASE_SECONDS = 10;
const STEPS = [
  ["forward", HOUR_SECONDS],
  ["back", -HOUR_SECONDS],
] as const;

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A ledger on a PostgreSQL whose clock the test can set. */
async function openOnMovableClock(): Promise<Bench & { readonly clock: MovableClock }> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-clock-"));
  chmodSync(folder, 0o755);
  const clock = movableClock(join(folder, "clock"));
  const postgres = await startPostgres({ environment: clock.environment });
  endings.push(() => postgres.remove());
  const database = await openDatabase({ url: postgres.url });
  endings.push(() => database.close());
  await migrate(database);
  const ledger = openLedger(database, { leaseSeconds: LEASE_SECONDS });
  endings.push(() => ledger.close());
  return { database, ledger, url: postgres.url, clock };
}

/** Sets the clock, and waits until the server shows it. */
async function step({ database, clock }: { database: Database; clock: MovableClock }, seconds: number) {
  clock.shift(seconds);
  await waitFor(
    async () => {
      const { rows } = await database.query<{ now: string }>("select clock_timestamp() as now");
      const isSet = Math.abs(Date.parse(rows[0]?.now ?? "") - Date.now() - seconds * 1_000) < 60_000;
      return isSet;
    },
    { what: "the server to show the new time" },
  );
}

async function isClaimable({ database }: Bench, id: string): Promise<boolean> {
  const text = "select from lockstep.jobs where id = $1 and ready_at is not null";
  return (await database.query(text, [id])).rows.length === 1;
}

describe("when the clock of the database is set by an hour", () => {
  it.each(STEPS)(
    "%s, healthy jobs run to their end, retries and schedules go on, and a dead worker's job is taken back",
    async (_, seconds) => {
      const bench = await openOnMovableClock();
      const { ledger } = bench;
      const maintenance = ledger.createMaintenance({ graceSeconds: 1 });
      await maintenance.start();
      endings.push(() => maintenance.stop());
      const scheduler = new Scheduler({ ledger: ledger.schedules });
      scheduler.start();
      endings.push(() => scheduler.stop());
      await make(bench);
      const handler = blockingHandler();
      const healthy = await submit(bench, "blocking", {}, { timeout_ms: 60_000, max_attempts: 1 });
      const worker = await startWorker(bench, {
        definitions: [kind("blocking", handler.run(true))],
        leaseSeconds: LEASE_SECONDS,
      });
      await waitFor(() => handler.inside().length === 1, { what: "the handler to run" });
      const abandon = async () => {
        const job = await submitNoop(bench);
        const dead = await registerWorker(bench);
        await claimOne(bench, dead);
        return job.id;
      };
      const isLost = (id: string) => async () => (await ledger.get(id))?.reason === "lost";
      // The sweeper works before the clock is set: its grace period is over.
      await waitFor(isLost(await abandon()), { what: "the sweeper to take a job back" });
      const other = await registerWorker(bench);
      await claimOne(bench, other);
      const retried = await submitNoop(bench);
      await settle(bench, await claimOne(bench, other), failed(20_000));
      const abandoned = await abandon();

      await step(bench, seconds);
      await waitFor(isLost(abandoned), { what: "the dead worker's job to be taken back" });
      await waitFor(() => isClaimable(bench, retried.id), { what: "the retry to be claimable" });
      const submitted = await submittedFor(bench);
      expect(submitted).toHaveLength(seconds > 0 ? 1 : 0);
      expect(worker.health().degraded).toBe(false);
      expect(handler.aborted).toEqual([]);
      handler.letGo();
      expect(await terminal(bench, healthy)).toMatchObject({ status: "completed", attempt: 1, losses: 0 });
    },
  );
});
