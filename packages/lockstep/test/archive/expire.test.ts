import { createHash } from "node:crypto";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { expireFiles } from "../../src/archive/index.js";
import { type ArtifactStore, createDiskStore } from "../../src/artifacts/index.js";
import { newId } from "../../src/job/index.js";
import { ENGINES, submitNoop } from "../ledger/engines.js";
import { openArchive } from "./archived.js";

const DAY_MS = 86_400_000;
const put = async (store: ArtifactStore, text: string) =>
  (await store.putFile(Readable.from([text]), { name: "x.txt" })).id;
const left = async (store: ArtifactStore, ids: readonly string[]) =>
  (await Promise.all(ids.map(async (id) => ((await store.fileInfo(id)) === null ? [] : [id])))).flat();

/** Makes every file look as old as given. */
async function age(dir: string, ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), then, then);
}

describe.each(ENGINES)("files on %s", (engine) => {
  it("of a job are removed once it was archived, and no others are", async () => {
    const bench = await openArchive(engine);
    const store = createDiskStore({ dir: join(bench.dir, "files") });
    const archived = await bench.finished();
    await bench.run();
    const kept = await bench.finished();
    const stranger = newId();
    for (const job_id of [archived.id, kept.id, stranger])
      for (const attempt of [1, 2])
        await store.writeArtifact({ job_id, attempt, name: "a.txt", content: "x" });
    const { references } = bench.ledger;
    expect(await expireFiles({ references, store, unusedMs: DAY_MS })).toEqual({ jobs: 1, files: 0 });
    expect(await store.listArtifacts(archived.id, 1)).toEqual([]);
    for (const id of [kept.id, stranger]) expect(await store.listArtifacts(id, 2)).toHaveLength(1);
  });

  it("that were uploaded are removed when they are old and no job in the ledger and no schedule refers to them", async () => {
    const bench = await openArchive(engine);
    const store = createDiskStore({ dir: join(bench.dir, "files") });
    const names = ["by a job", "by a schedule", "by an archived job", "by nobody"];
    const [byJob = "", bySchedule = "", byArchived = "", byNobody = ""] = await Promise.all(
      names.map((name) => put(store, name)),
    );
    await bench.finished({ input: { file: byArchived } });
    await bench.run();
    await submitNoop(bench, { input: { deep: [{ file: `sha256:${byJob}` }] } });
    await bench.ledger.schedules.add({
      name: "nightly",
      kind: "noop",
      input: { file: bySchedule },
      queue: "default",
      priority: 0,
      max_attempts: 1,
      timeout_ms: null,
      unique_key: null,
      limit_key: null,
      tags: [],
      cron: "0 3 * * *",
      timezone: "UTC",
      catch_up: "none",
      next_at: "2100-01-01T00:00:00Z",
      actor: "ann",
    });
    const all = [byJob, bySchedule, byArchived, byNobody];
    const { references } = bench.ledger;
    expect(await expireFiles({ references, store, unusedMs: DAY_MS })).toEqual({ jobs: 0, files: 0 });
    expect(await left(store, all)).toEqual(all);
    expect(await expireFiles({ references, store, unusedMs: -DAY_MS })).toEqual({ jobs: 0, files: 2 });
    expect(await left(store, all)).toEqual([byJob, bySchedule]);
  });

  it("that are uploaded again during the walk stay, and derived files are removed by age", async () => {
    const bench = await openArchive(engine);
    const store = createDiskStore({ dir: join(bench.dir, "files") });
    const id = await put(store, "again");
    const key = createHash("sha256").update("k").digest("hex");
    await store.writeDerived(key, "made");
    const references = {
      ...bench.ledger.references,
      async unnamed(ids: readonly string[]) {
        const found = await bench.ledger.references.unnamed(ids);
        await put(store, "again");
        return found;
      },
    };
    await age(join(bench.dir, "files"), 2 * DAY_MS);
    await expireFiles({ references, store, unusedMs: DAY_MS });
    expect(await left(store, [id])).toEqual([id]);
    expect(await store.readDerived(key)).toBeNull();
  });
});
