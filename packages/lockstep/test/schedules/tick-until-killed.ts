/**
 * Handles what is due, prints `submitted` once the job is in the transaction, and stops there until
 * it is killed.
 */
import { openDatabase } from "../../src/database/index.js";
import { openLedger } from "../../src/ledger/index.js";
import { planTicks } from "../../src/schedules/plan.js";

const database = await openDatabase({ url: process.argv[2] ?? "" });
const ledger = openLedger({
  ...database,
  transaction: (work) =>
    database.transaction((tx) =>
      work({
        async query(statement, values) {
          const isAdvance = typeof statement !== "string" && statement.name?.includes("advance_schedule");
          if (isAdvance) {
            process.stdout.write("submitted\n");
            await new Promise(() => setInterval(() => undefined, 1_000));
          }
          return await tx.query(statement, values);
        },
      }),
    ),
});

await ledger.schedules.tick(planTicks, []);
