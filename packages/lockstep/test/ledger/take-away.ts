import { waitFor } from "../../../../tests/servers/wait-for.js";
import type { Database } from "../../src/database/index.js";
import { sweepLost } from "../../src/ledger/sweep.js";

const quiet = { announce: () => undefined } as never;

/**
 * Takes a running job, and everything else the worker holds, away from its worker, as the sweeper
 * does when the lease has expired. A test that lets a short lease expire instead also takes jobs
 * from healthy workers when the machine is busy.
 */
export async function takeAway(database: Database, jobId: string): Promise<void> {
  const silence =
    "update workers set heartbeat_at = clock_timestamp() - interval '1 hour' where id = (select worker_id from jobs where id = $1)";
  // A worker that is alive may send a heartbeat in between.
  await waitFor(
    async () => {
      await database.query(silence, [jobId]);
      return (await sweepLost(database, quiet, 30)) > 0;
    },
    { what: `job ${jobId} to be taken from its worker` },
  );
}

/** Takes all jobs away from a process that was killed. */
export async function takeAllFrom(database: Database, pid: number): Promise<void> {
  await database.query(
    "update workers set heartbeat_at = clock_timestamp() - interval '1 hour' where pid = $1",
    [pid],
  );
  while ((await sweepLost(database, quiet, 30)) > 0);
}
