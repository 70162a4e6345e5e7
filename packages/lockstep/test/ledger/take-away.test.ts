import { expect, it } from "vitest";
import type { Database } from "../../src/database/index.js";
import { sweepLost } from "../../src/ledger/sweep.js";
import { claimOne, openBench, registerWorker, submitNoop } from "./engines.js";
import { takeAway } from "./take-away.js";

it("taking a job away ends when a sweeper of another process was faster", async () => {
  const bench = await openBench("postgres");
  const { id } = await submitNoop(bench);
  await claimOne(bench, await registerWorker(bench));
  const quiet = { announce: () => undefined } as never;
  const rivalled: Database = {
    ...bench.database,
    async query(statement, values) {
      const result = await bench.database.query(statement, values);
      if (String(statement).startsWith("update")) await sweepLost(bench.database, quiet, 30);
      return result as never;
    },
  };
  await takeAway(rivalled, id);
  expect(await bench.ledger.get(id)).toMatchObject({ status: "pending", attempt: 1, losses: 1 });
});
