import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createDiskSink } from "../../src/archive/index.js";
import { archiveFolder } from "./archived.js";

const NAME = "2031-02-03/0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e-0123456789abcdef.ndjson.gz";

it("keeps a file in a folder that it creates, readable only by its own user, and leaves nothing else behind", async () => {
  const dir = join(await archiveFolder(), "deep", "archive");
  const sink = createDiskSink(dir);
  await sink.write(NAME, Buffer.from("content"));
  await sink.write(NAME, Buffer.from("content"));
  expect(await readFile(join(dir, NAME), "utf8")).toBe("content");
  expect(await readdir(join(dir, "2031-02-03"))).toHaveLength(1);
  expect((await stat(join(dir, NAME))).mode & 0o777).toBe(0o600);
  expect((await stat(join(dir, "2031-02-03"))).mode & 0o777).toBe(0o700);
});

it("reads the requested part, and returns null when there is no file or it is too short", async () => {
  const sink = createDiskSink(await archiveFolder());
  await sink.write(NAME, Buffer.from("0123456789"));
  expect(Buffer.from((await sink.read(NAME, 3, 4)) ?? []).toString()).toBe("3456");
  expect(await sink.read(NAME, 8, 4)).toBeNull();
  expect(await sink.read(NAME.replace("-03/", "-04/"), 0, 4)).toBeNull();
});

it.each(["../../etc/passwd", "/etc/passwd", "2031-02-03/../x.ndjson.gz", `${NAME}\0`, ""])(
  "rejects the name %j, which is not an archive file name",
  async (name) => {
    const sink = createDiskSink(await archiveFolder());
    await expect(sink.read(name, 0, 1)).rejects.toThrow(RangeError);
    await expect(sink.write(name, Buffer.from("x"))).rejects.toThrow(RangeError);
  },
);

it("says what is wrong when it cannot write, and leaves no partial file", async () => {
  const dir = await archiveFolder();
  await mkdir(join(dir, NAME), { recursive: true });
  await expect(createDiskSink(dir).write(NAME, Buffer.from("x"))).rejects.toThrow();
  expect(await readdir(join(dir, "2031-02-03"))).toEqual([NAME.slice(11)]);
});
