/**
 * The maintenance in a separate process. argv[2] is JSON: { url }. Prints `true` or `false` every
 * 50 ms: whether this process leads.
 */
import { z } from "zod";
import { openDatabase } from "../../src/database/index.js";
import { openLedger } from "../../src/ledger/index.js";

const { url } = z.object({ url: z.string() }).parse(JSON.parse(process.argv[2] ?? ""));
const ledger = openLedger(await openDatabase({ url }), { leaseSeconds: 1 });
const maintenance = ledger.createMaintenance({ graceSeconds: 1 });
await maintenance.start();
setInterval(() => process.stdout.write(`${maintenance.leads}\n`), 50);
