import { expect, it } from "vitest";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { Archiver, type ArchiverOptions } from "../../src/archive/index.js";
import { type ArchiveBench, openArchive } from "./archived.js";

type Line = readonly [level: string, facts: Record<string, unknown>, message: string];

/** An archiver that starts at once and takes jobs that have just finished, and what it logged. */
function archiverOf(bench: ArchiveBench, options: Partial<ArchiverOptions> = {}) {
  const lines: Line[] = [];
  const log = (level: string) => (facts: object, message: string) =>
    void lines.push([level, facts as Record<string, unknown>, message]);
  const archiver = new Archiver({
    ledger: bench.ledger.archive,
    sink: bench.sink,
    retentionDays: 0,
    firstCheckMs: 0,
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    ...options,
  });
  return { archiver, lines };
}

it("archives without being asked and logs what it did; another one sees that the day's archiving is done", async () => {
  const bench = await openArchive("postgres");
  const { id } = await bench.finished();
  await bench.run({ dryRun: true });
  const first = archiverOf(bench);
  first.archiver.start();
  await waitFor(() => first.lines.length > 0, { what: "the archiver to log" });
  expect(first.lines).toMatchObject([["info", { archived: 1 }, "finished jobs were archived"]]);
  expect(await bench.ledger.get(id)).toMatchObject({ archived: true });
  await bench.finished();
  let refused = 0;
  const begin: ArchiverOptions["ledger"]["begin"] = async (options) => {
    const answer = await bench.ledger.archive.begin(options);
    if (answer === null) refused++;
    return answer;
  };
  const second = archiverOf(bench, { ledger: { ...bench.ledger.archive, begin } });
  second.archiver.start();
  await waitFor(() => refused > 0, { what: "the second archiver to be refused" });
  await Promise.all([first.archiver.stop(), second.archiver.stop(), second.archiver.stop()]);
  expect(second.lines).toEqual([]);
  expect(await bench.rows()).toHaveLength(1);
});

it("says which reader of the feed it waits for", async () => {
  const bench = await openArchive("postgres");
  const position = await bench.ledger.feed.now();
  await bench.database.query("insert into feed_cursors (name, position) values ('slow', $1)", [position]);
  await bench.finished();
  const { archiver, lines } = archiverOf(bench);
  archiver.start();
  await waitFor(() => lines.length > 0, { what: "the archiver to log" });
  await archiver.stop();
  expect(lines).toMatchObject([
    ["warn", { held: 1, readers: [{ name: "slow" }] }, "the archive waits for readers of the feed"],
  ]);
});

it("logs a failure and continues; a stop before the start, and a second stop, do nothing", async () => {
  const bench = await openArchive("postgres");
  await bench.finished();
  await bench.run({ dryRun: true });
  const sink = { ...bench.sink, write: () => Promise.reject(new Error("no space left")) };
  const { archiver, lines } = archiverOf(bench, { sink });
  await archiver.stop();
  archiver.start();
  archiver.start();
  await waitFor(() => lines.length > 0, { what: "the archiver to log" });
  await archiver.stop();
  await archiver.stop();
  expect(lines).toMatchObject([["error", { err: { message: "no space left" } }, "the archive failed"]]);
  expect(await bench.run()).toMatchObject({ archived: 1 });
});
