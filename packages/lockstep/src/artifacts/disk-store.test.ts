import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../job/index.js";
import { artifactWriter } from "./artifact-writer.js";
import { createDiskStore } from "./disk-store.js";
import type { ArtifactStore } from "./store.js";

let dir: string;
let store: ArtifactStore;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-artifacts-"));
  store = createDiskStore({ dir, fileBytesMax: 1_000, artifactBytesMax: 2_000 });
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

async function filesOnDisk(): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe("an uploaded file", () => {
  it("is kept under the hash of its content and read back unchanged", async () => {
    const put = await store.putFile(Readable.from(["hello ", "world"]), { name: "greeting.txt" });
    expect(put).toMatchObject({
      id: sha256("hello world"),
      name: "greeting.txt",
      bytes: 11,
      media_type: "text/plain; charset=utf-8",
    });
    expect(await store.fileInfo(put.id)).toEqual(put);
    const opened = await store.openFile(put.id);
    expect(await text(opened.stream)).toBe("hello world");
    expect(await readFile(await store.filePath(put.id), "utf8")).toBe("hello world");
  });

  it("is stored once when it is uploaded twice, even at the same time", async () => {
    const puts = await Promise.all(
      [1, 2, 3].map((n) => store.putFile(Readable.from(["same"]), { name: `${n}.txt` })),
    );
    expect(new Set(puts.map((put) => put.id)).size).toBe(1);
    expect((await filesOnDisk()).sort()).toEqual([sha256("same"), `${sha256("same")}.json`]);
  });

  it("over the limit is rejected and leaves nothing behind", async () => {
    const content = Readable.from([Buffer.alloc(900), Buffer.alloc(101)]);
    await expect(store.putFile(content, { name: "big.bin" })).rejects.toMatchObject({
      code: "BODY_TOO_LARGE",
    });
    expect(await filesOnDisk()).toEqual([]);
  });

  it("leaves nothing behind when its upload breaks off", async () => {
    const content = Readable.from(
      (async function* broken() {
        yield "part";
        throw new Error("connection reset");
      })(),
    );
    await expect(store.putFile(content, { name: "a.txt" })).rejects.toThrow("connection reset");
    expect(await filesOnDisk()).toEqual([]);
  });

  it("with a path as its name is rejected with a pointer", async () => {
    const put = store.putFile(Readable.from(["x"]), { name: "../../etc/cron.d/x" });
    await expect(put).rejects.toMatchObject({ code: "INVALID_INPUT", issues: [{ pointer: "/name" }] });
    expect(await filesOnDisk()).toEqual([]);
  });

  it("that does not exist, or whose id is a path, is not found", async () => {
    const info = {
      id: "x",
      name: "secret",
      bytes: 1,
      media_type: "text/plain",
      created_at: "2026-01-01T00:00:00Z",
    };
    await writeFile(join(dir, "secret"), "x");
    await writeFile(join(dir, "secret.json"), JSON.stringify(info));
    for (const id of [sha256("absent"), "../secret", "a/../../../secret", "", `${sha256("absent")}.json`]) {
      expect(await store.fileInfo(id)).toBeNull();
      await expect(store.openFile(id)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
      await expect(store.filePath(id)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    }
  });
});

describe("an artifact", () => {
  const job = newId();

  it("is listed and read back by job, attempt and name", async () => {
    await store.writeArtifact({ job_id: job, attempt: 1, name: "b.json", content: '{"a":1}' });
    await store.writeArtifact({
      job_id: job,
      attempt: 1,
      name: "a.bin",
      content: Readable.from([Buffer.from([0, 1])]),
      media_type: "x/y",
    });
    const listed = await store.listArtifacts(job, 1);
    expect(listed.map(({ name, bytes, media_type }) => [name, bytes, media_type])).toEqual([
      ["a.bin", 2, "x/y"],
      ["b.json", 7, "application/json"],
    ]);
    const opened = await store.openArtifact(job, 1, "b.json");
    expect(opened.info.sha256).toBe(sha256('{"a":1}'));
    expect(await text(opened.stream)).toBe('{"a":1}');
  });

  it("of an old attempt does not overwrite a newer attempt's", async () => {
    await artifactWriter(store, job, 2).write("report.txt", "newer");
    await artifactWriter(store, job, 1).write("report.txt", "written late by a zombie");
    expect(await text((await store.openArtifact(job, 2, "report.txt")).stream)).toBe("newer");
  });

  it("written twice by one attempt holds the newer content", async () => {
    const writer = artifactWriter(store, job, 1);
    await writer.write("report.txt", "first");
    await writer.write("report.txt", "second", "text/markdown");
    expect(await store.listArtifacts(job, 1)).toMatchObject([
      { name: "report.txt", bytes: 6, media_type: "text/markdown" },
    ]);
    expect(await text((await store.openArtifact(job, 1, "report.txt")).stream)).toBe("second");
  });

  it("with a bad name, job id or attempt, or over the limit, is rejected and leaves nothing behind", async () => {
    const good = { job_id: job, attempt: 1, name: "a.txt", content: "x" };
    for (const bad of [
      { name: "../a" },
      { name: ".a" },
      { job_id: "../x" },
      { attempt: 0 },
      { attempt: 1.5 },
    ]) {
      await expect(store.writeArtifact({ ...good, ...bad })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    }
    const large = { ...good, content: "x".repeat(2_001) };
    await expect(store.writeArtifact(large)).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
    expect(await filesOnDisk()).toEqual([]);
  });

  it("that does not exist is not found, and an attempt without artifacts lists none", async () => {
    expect(await store.listArtifacts(job, 1)).toEqual([]);
    await store.writeArtifact({ job_id: job, attempt: 2, name: "a.txt", content: "x" });
    for (const name of ["absent.txt", "../../2/names/a.txt", ""]) {
      await expect(store.openArtifact(job, 1, name)).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
    }
  });

  it("is removed with its job, and other jobs keep theirs", async () => {
    const other = newId();
    for (const id of [job, other])
      await store.writeArtifact({ job_id: id, attempt: 1, name: "a.txt", content: "x" });
    await store.removeJob(job);
    await store.removeJob(job);
    expect(await store.listArtifacts(job, 1)).toEqual([]);
    expect(await store.listArtifacts(other, 1)).toHaveLength(1);
    await expect(store.removeJob("..")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

it("temporary files of dead processes are removed after a day, newer ones are kept", async () => {
  const temporary = join(dir, "tmp");
  await mkdir(temporary);
  await writeFile(join(temporary, "old"), "x");
  await writeFile(join(temporary, "young"), "x");
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
  await utimes(join(temporary, "old"), twoDaysAgo, twoDaysAgo);
  await store.putFile(Readable.from(["x"]), { name: "x" });
  expect(await readdir(temporary)).toEqual(["young"]);
});
