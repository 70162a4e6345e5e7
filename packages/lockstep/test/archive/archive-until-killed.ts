/**
 * Archives finished jobs, and prints `written` or `committing` when it reaches the requested point.
 * There it waits until it is killed; at `committing` it can also continue.
 */
import { createDiskSink, runArchive } from "../../src/archive/index.js";
import { openDatabase } from "../../src/database/index.js";
import { openLedger } from "../../src/ledger/index.js";

const [url = "", dir = "", point = ""] = process.argv.slice(2);
const ledger = openLedger(await openDatabase({ url }));
const sink = createDiskSink(dir);
const say = (text: string) => process.stdout.write(`${text}\n`);

await runArchive({
  ledger: {
    ...ledger.archive,
    commit(...batch) {
      if (point === "committing") say(point);
      return ledger.archive.commit(...batch);
    },
  },
  sink: {
    ...sink,
    async write(name, content) {
      await sink.write(name, content);
      if (point !== "written") return;
      say(point);
      await new Promise(() => setInterval(() => undefined, 1_000));
    },
  },
  olderThanMs: 0,
});
