import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createS3Sink } from "../../src/archive/index.js";
import { type ArtifactStore, createS3Store, openBucket } from "../../src/artifacts/index.js";
import { newId } from "../../src/job/index.js";
import { S3_USER, type S3Server, startS3 } from "./s3-server.js";

let server: S3Server;
let dir: string;
let store: ArtifactStore;
let tests = 0;

beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-s3-store-"));
  const bucket = server.bucket(`test-${tests++}`);
  store = createS3Store({ bucket, dir, fileBytesMax: 1_000_000, artifactBytesMax: 2_000_000 });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const all = async (ids: AsyncIterable<string>) => {
  const found: string[] = [];
  for await (const id of ids) found.push(id);
  return found.sort();
};
const TOMORROW = new Date(Date.now() + 86_400_000);

describe("a file in a bucket", () => {
  it("is stored under the hash of its content, read back in full, in part and as a local copy, and removed", async () => {
    const put = await store.putFile(Readable.from(["hello ", "world"]), { name: "grüße.txt" });
    expect(put).toMatchObject({
      id: sha256("hello world"),
      bytes: 11,
      media_type: "text/plain; charset=utf-8",
    });
    expect(await store.fileInfo(put.id)).toEqual(put);
    expect(await text((await store.openFile(put.id)).stream)).toBe("hello world");
    expect(await text((await store.openFile(put.id, { start: 6, end: 8 })).stream)).toBe("wor");
    for (let twice = 0; twice < 2; twice++)
      expect(await readFile(await store.filePath(put.id), "utf8")).toBe("hello world");
    expect(await all(store.filesBefore(TOMORROW))).toEqual([put.id]);
    expect(await all(store.filesBefore(new Date(0)))).toEqual([]);
    expect(await store.removeFile(put.id, new Date(0))).toBe(false);
    expect(await store.removeFile(put.id, TOMORROW)).toBe(true);
    expect(await store.fileInfo(put.id)).toBeNull();
    await expect(store.openFile(put.id)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("is rejected when it is over the limit, incomplete or has a path as its name, and leaves nothing here or there", async () => {
    const broken = Readable.from(
      (async function* broken() {
        yield "part";
        throw new Error("connection reset");
      })(),
    );
    const large = Readable.from([Buffer.alloc(1_000_001)]);
    await expect(store.putFile(large, { name: "a" })).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
    await expect(store.putFile(broken, { name: "a" })).rejects.toThrow("connection reset");
    await expect(store.putFile(Readable.from("x"), { name: "../a" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    for (const id of ["../x", "", `${"0".repeat(64)}.json`]) expect(await store.fileInfo(id)).toBeNull();
    expect(await all(store.filesBefore(TOMORROW))).toEqual([]);
    expect(await readdir(join(dir, "tmp"))).toEqual([]);
  });
});

describe("an artifact in a bucket", () => {
  it("is listed and read by job, attempt and name, and removed only with its job", async () => {
    const [job, other] = [newId(), newId()];
    const name = "Bericht (1) & more + ü.txt";
    await store.writeArtifact({ job_id: job, attempt: 1, name, content: "first", media_type: "x/y" });
    await store.writeArtifact({ job_id: job, attempt: 2, name, content: "newer" });
    await store.writeArtifact({
      job_id: job,
      attempt: 1,
      name: "a.json",
      content: Readable.from(['{"a":1}']),
    });
    await store.writeArtifact({ job_id: other, attempt: 1, name: "empty", content: "" });
    expect((await store.listArtifacts(job, 1)).map((info) => [info.name, info.media_type])).toEqual([
      [name, "x/y"],
      ["a.json", "application/json"],
    ]);
    expect(await text((await store.openArtifact(job, 1, name)).stream)).toBe("first");
    expect(await text((await store.openArtifact(job, 2, name, { start: 1, end: 3 })).stream)).toBe("ewe");
    expect(await text((await store.openArtifact(other, 1, "empty")).stream)).toBe("");
    for (const bad of ["absent", "../a.json"])
      await expect(store.openArtifact(job, 1, bad)).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
    expect(await all(store.jobIds())).toEqual([job, other].sort());
    await store.removeJob(job);
    expect(await all(store.jobIds())).toEqual([other]);
    expect(await store.listArtifacts(job, 1)).toEqual([]);
  });
});

it("derived files are kept until they are old", async () => {
  const key = sha256("key");
  expect(await store.readDerived(key)).toBeNull();
  await store.writeDerived(key, "made");
  await store.removeDerived(new Date(0));
  expect((await store.readDerived(key))?.toString()).toBe("made");
  await store.removeDerived(TOMORROW);
  expect(await store.readDerived(key)).toBeNull();
});

it("an archive in a bucket returns parts of its files, and null for what is missing", async () => {
  const sink = createS3Sink(server.bucket("archive"));
  const name = `2031-02-03/${newId()}-0123456789abcdef.ndjson.gz`;
  await sink.write(name, Buffer.from("0123456789"));
  expect(Buffer.from((await sink.read(name, 3, 4)) ?? []).toString()).toBe("3456");
  expect(await sink.read(name, 8, 4)).toBeNull();
  expect(await sink.read(name, 20, 4)).toBeNull();
  expect(await sink.read(name.replace("03/", "04/"), 0, 1)).toBeNull();
  await expect(async () => sink.read("../x", 0, 1)).rejects.toThrow(RangeError);
  expect(sink.store).toBe("s3://lockstep-test/archive");
});

it("a wrong key and a missing server are reported without secrets", async () => {
  const address = "s3://lockstep-test";
  const wrong = openBucket({
    ...S3_USER,
    accessKeyId: "nobody",
    secretAccessKey: "guessed",
    endpoint: server.endpoint,
    address,
  });
  const refused = await wrong.put("x", { bytes: Buffer.from("x") }).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: "STORE_UNAVAILABLE",
    message: expect.stringMatching(/403 \(InvalidAccessKeyId\) to PUT/),
  });
  expect(JSON.stringify(refused)).not.toContain("guessed");
  const nowhere = openBucket({ ...S3_USER, endpoint: "http://127.0.0.1:1", address });
  await expect(nowhere.get("x")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});

// The server above cannot return a second page, so this text is from Amazon's own documentation.
it("a listing of several pages is read to its end", async () => {
  const asked: URLSearchParams[] = [];
  const pages = [
    "<IsTruncated>true</IsTruncated><Contents><Key>p/jobs/a&amp;b</Key><LastModified>2031-02-03T00:00:00.000Z</LastModified></Contents><NextContinuationToken>1/+=</NextContinuationToken>",
    "<IsTruncated>false</IsTruncated><Contents><Key>p/jobs/c</Key><LastModified>2031-02-03T00:00:00.000Z</LastModified></Contents>",
  ];
  const http = createServer((request, response) => {
    asked.push(new URL(request.url ?? "", "http://x").searchParams);
    response.end(`<?xml version="1.0"?><ListBucketResult>${pages[asked.length - 1]}</ListBucketResult>`);
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  const bucket = openBucket({
    ...S3_USER,
    endpoint: `http://127.0.0.1:${port}`,
    address: "s3://some-bucket/p",
  });
  const keys: string[] = [];
  for await (const { key } of bucket.list("jobs/")) keys.push(key);
  http.close();
  expect(keys).toEqual(["jobs/a&b", "jobs/c"]);
  expect(asked.map((query) => [query.get("prefix"), query.get("continuation-token")])).toEqual([
    ["p/jobs/", null],
    ["p/jobs/", "1/+="],
  ]);
});
