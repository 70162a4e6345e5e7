import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { type ArtifactStore, createDiskStore } from "lockstep/internal/artifacts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unpackArchive } from "../src/target/unpack-archive.js";
import { makeTar, type TarEntry } from "./make-tar.js";
import { makeZip, type ZipEntry } from "./make-zip.js";

const MIB = 1024 * 1024;
const LIMITS = { entriesMax: 100, bytesMax: 40 * MIB, depthMax: 10, ratioMax: 100 };

let base: string;
let store: ArtifactStore;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-archives-"));
  store = createDiskStore({ dir: join(base, "store") });
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** @returns the unpacked files by their paths */
async function unpack(
  archive: Buffer,
  signal = new AbortController().signal,
): Promise<Record<string, string>> {
  const info = await store.putFile(Readable.from([archive]), { name: "upload" });
  const into = join(base, "box", "in");
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  await unpackArchive({ info, path: await store.filePath(info.id), into, limits: LIMITS, signal });
  const entries = await readdir(into, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path.slice(into.length + 1), await readFile(path, "utf8")])),
  );
}

/** Nothing may ever be written outside the target folder. */
async function expectNothingOutside(): Promise<void> {
  expect(await readdir(base)).toEqual(["box", "store"]);
  expect(await readdir(join(base, "box"))).toEqual(["in"]);
}

const GOOD = [
  { name: "src/", type: "5", mode: 0o040755 },
  { name: "src/app.ts", content: "let a = 1;\n" },
  { name: "./README.md", content: "# x\n" },
];

it.each([
  ["a zip", makeZip(GOOD)],
  ["a tar", makeTar(GOOD)],
  ["a tar.gz", gzipSync(makeTar(GOOD))],
])("%s is unpacked", async (_what, archive) => {
  expect(await unpack(archive)).toEqual({ "src/app.ts": "let a = 1;\n", "README.md": "# x\n" });
});

const HOSTILE_ZIPS: readonly (readonly [what: string, entry: ZipEntry, issue: RegExp])[] = [
  ["climbs out", { name: "../evil.sh", content: "x" }, /\.\.\/evil\.sh/],
  ["climbs out from inside", { name: "a/../../evil.sh", content: "x" }, /a\/\.\.\/\.\.\/evil\.sh/],
  ["has an absolute path", { name: "/etc/cron.d/evil", content: "x" }, /\/etc\/cron\.d\/evil/],
  ["has a Windows path", { name: "c:\\evil.bat", content: "x" }, /evil\.bat/],
  ["has a backslash", { name: "..\\evil.bat", content: "x" }, /evil\.bat/],
  ["is a symbolic link", { name: "link", content: "/etc/passwd", mode: 0o120777 }, /"link" is a link/],
  ["is a device", { name: "tty", mode: 0o020666 }, /"tty" is a link or a device/],
  ["is encrypted", { name: "locked", content: "x", encrypted: true }, /"locked" is encrypted/],
  ["is compressed in an unknown way", { name: "odd", content: "x", method: 12 }, /"odd" is compressed/],
  [
    "holds more than it declares",
    { name: "liar", content: "x".repeat(10_000), declaredBytes: 10 },
    /"liar" .*(more than|too many bytes)/,
  ],
  [
    "holds less than it declares",
    { name: "liar", content: "x", declaredBytes: 10_000 },
    /"liar" .*(declares|not enough bytes)/,
  ],
  ["declares too much", { name: "huge", content: "x", declaredBytes: 3_000_000_000 }, /"huge" declares/],
  ["is a bomb", { name: "bomb", content: Buffer.alloc(12 * MIB) }, /"bomb" .*100 times/],
  ["has a name with a line break", { name: "a\nb", content: "x" }, /"a\\nb" has a name/],
  ["is nested too deep", { name: `${"d/".repeat(20)}x`, content: "x" }, /nested too deep/],
];

describe("a zip with an entry that", () => {
  it.each(HOSTILE_ZIPS)("%s is refused, and the error names the entry", async (_what, entry, issue) => {
    const archive = makeZip([{ name: "fine.txt", content: "x" }, entry]);
    await expect(unpack(archive)).rejects.toMatchObject({
      name: "NonRetryableError",
      code: "ARCHIVE_REFUSED",
      message: expect.stringMatching(issue),
    });
    await expectNothingOutside();
  });

  it("occurs twice is refused", async () => {
    const twice = makeZip([
      { name: "a.txt", content: "1" },
      { name: "a.txt", content: "2" },
    ]);
    await expect(unpack(twice)).rejects.toThrow('"a.txt" exists twice');
    const through = makeZip([
      { name: "a", content: "1" },
      { name: "a/b", content: "2" },
    ]);
    await expect(unpack(through)).rejects.toThrow('"a/b" exists twice');
  });
});

const HOSTILE_TARS: readonly (readonly [what: string, entry: TarEntry, issue: RegExp])[] = [
  ["climbs out", { name: "../evil.sh", content: "x" }, /"\.\.\/evil\.sh" has a path that climbs out/],
  ["has an absolute path", { name: "/etc/cron.d/evil", content: "x" }, /absolute path/],
  ["is a symbolic link", { name: "link", type: "2", linkTo: "/etc" }, /"link" is a link/],
  ["is a hard link", { name: "link", type: "1", linkTo: "/etc/passwd" }, /"link" is a link/],
  ["is a character device", { name: "tty", type: "3" }, /"tty" is a CharacterDevice/],
  ["is a block device", { name: "disk", type: "4" }, /"disk" is a BlockDevice/],
  ["is a pipe", { name: "pipe", type: "6" }, /"pipe" is a FIFO/],
  ["declares more bytes than it has", { name: "liar", content: "x", declaredBytes: 100_000 }, /Truncated/],
  ["declares too much", { name: "huge", content: "x", declaredBytes: 3_000_000_000 }, /"huge" declares/],
];

describe("a tar with an entry that", () => {
  it.each(HOSTILE_TARS)("%s is refused", async (_what, entry, issue) => {
    for (const wrap of [(tar: Buffer) => tar, gzipSync]) {
      const archive = wrap(makeTar([{ name: "fine.txt", content: "x" }, entry]));
      await expect(unpack(archive)).rejects.toMatchObject({
        code: "ARCHIVE_REFUSED",
        message: expect.stringMatching(issue),
      });
      await expectNothingOutside();
    }
  });

  it("comes after a link through which it would be written is never reached", async () => {
    const archive = makeTar([
      { name: "way", type: "2", linkTo: ".." },
      { name: "way/evil.sh", content: "x" },
    ]);
    await expect(unpack(archive)).rejects.toThrow('"way" is a link');
    await expectNothingOutside();
  });
});

describe("an archive", () => {
  it("that unpacks to much more than its size is refused", async () => {
    const bomb = gzipSync(makeTar([{ name: "bomb", content: Buffer.alloc(12 * MIB) }]));
    await expect(unpack(bomb)).rejects.toThrow('"bomb" makes the archive unpack to over 100 times');
    const headers = Array.from({ length: 60_000 }, () => ({
      name: "././@LongLink",
      type: "L",
      content: "x",
    }));
    await expect(unpack(gzipSync(makeTar(headers)))).rejects.toThrow("the archive would unpack to over");
  });

  it("with data after its end is unpacked up to its end", async () => {
    const padded = gzipSync(Buffer.concat([makeTar(GOOD), Buffer.alloc(64 * MIB)]));
    expect(Object.keys(await unpack(padded))).toHaveLength(2);
  });

  it("that is compressed twice is refused", async () => {
    await expect(unpack(gzipSync(gzipSync(makeTar(GOOD))))).rejects.toThrow("compressed twice");
  });

  it("with too many entries is refused", async () => {
    const many = Array.from({ length: 101 }, (_, n) => ({ name: `${n}`, content: "" }));
    await expect(unpack(makeZip(many))).rejects.toThrow("over the limit of 100 entries");
    await expect(unpack(makeTar(many))).rejects.toThrow("over the limit of 100 entries");
  });

  it("that is broken, or not an archive, is refused", async () => {
    const zip = makeZip(GOOD);
    for (const broken of [
      zip.subarray(0, zip.length - 30),
      gzipSync(makeTar(GOOD)).subarray(0, 60),
      gzipSync("no tar"),
      Buffer.from("plain text"),
    ]) {
      await expect(unpack(broken)).rejects.toMatchObject({ code: "ARCHIVE_REFUSED" });
    }
  });

  it("stops being unpacked when the signal fires", async () => {
    const stop = new AbortController();
    const reason = new Error("cancelled");
    stop.abort(reason);
    for (const archive of [makeZip(GOOD), gzipSync(makeTar(GOOD))])
      await expect(unpack(archive, stop.signal)).rejects.toBe(reason);
  });
});
