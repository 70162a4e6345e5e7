import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { Database } from "../../src/database/index.js";
import { sweepLost } from "../../src/ledger/sweep.js";

const quiet = { announce: () => undefined } as never;

/**
 * Takes a running job, and everything else the worker holds, away from its worker, as the sweeper
 * does when the lease has expired. A test that lets a short lease expire instead also takes jobs
 * from healthy workers when the machine is busy. The sweeper of a process that the test runs may be
 * faster, which is as good.
 */
export async function takeAway(database: Database, jobId: string): Promise<void> {
  const { schema } = database;
  const held = async () => {
    const { rows } = await database.query<{ worker_id: string; attempt: number }>(
      `select worker_id, attempt from ${schema}.jobs where id = $1 and status = 'running'`,
      [jobId],
    );
    return rows[0];
  };
  const before = await held();
  if (before === undefined) throw new Error(`job ${jobId} is not running`);
  const silence = `update ${schema}.workers set heartbeat_at = clock_timestamp() - interval '1 hour' where id = $1`;
  // A worker that is alive may send a heartbeat in between.
  await waitFor(
    async () => {
      await database.query(silence, [before.worker_id]);
      await sweepLost(database, quiet, 30);
      return (await held())?.attempt !== before.attempt;
    },
    { what: `job ${jobId} to be taken from its worker` },
  );
}

/** Takes all jobs away from a process that was killed. */
export async function takeAllFrom(database: Database, pid: number): Promise<void> {
  await database.query(
    `update ${database.schema}.workers set heartbeat_at = clock_timestamp() - interval '1 hour' where pid = $1`,
    [pid],
  );
  while ((await sweepLost(database, quiet, 30)) > 0);
}
