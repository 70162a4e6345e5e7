import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { createScannerPool, type FileListener } from "../src/scanner/pool.js";
import { processesWith } from "./processes.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-pool-"));
  for (let n = 0; n < 40; n += 1) await writeFile(join(root, `${n}.js`), "eval(process.argv[2]);\n");
});
afterEach(() => rm(root, { recursive: true, force: true }));

function openPool() {
  const setup = { root, fileBytesMax: 1_000_000, findingsPerFileMax: 10, scanners: ["eslint"] } as const;
  return createScannerPool({
    setup,
    cwd: root,
    heapMib: 512,
    fileMs: 60_000,
    walkMs: 60_000,
    crashesMax: 5,
    signal: new AbortController().signal,
  });
}

const files = Array.from({ length: 40 }, (_, n) => `${n}.js`);
const listener = (change: Partial<FileListener>): FileListener => ({
  started: () => undefined,
  findings: () => undefined,
  finished: () => undefined,
  ...change,
});
const running = () => processesWith(JSON.stringify(root));

it("a killed process loses only the file it was scanning, and another process takes over", async () => {
  const pool = openPool();
  const finished = new Map<string, string | null>();
  const killed: number[] = [];
  await pool.scan(
    files,
    listener({
      finished(file, skip) {
        finished.set(file, skip);
        if (finished.size !== 3) return;
        killed.push(...running());
        for (const pid of killed) process.kill(pid, "SIGKILL");
      },
    }),
  );
  pool.close();
  expect(killed.length).toBeGreaterThan(0);
  expect([...finished.keys()].sort()).toEqual([...files].sort());
  const crashed = [...finished.values()].filter((skip) => skip === "crashed");
  expect(crashed.length).toBeGreaterThan(0);
  expect(crashed.length).toBeLessThanOrEqual(2);
  await waitFor(() => running().length === 0, { what: "the processes to be gone" });
});

it("a closed pool starts no process again", async () => {
  const pool = openPool();
  let started = 0;
  const scanning = pool.scan(
    files,
    listener({
      started() {
        started += 1;
      },
      finished: () => pool.close(),
    }),
  );
  await expect(scanning).rejects.toThrow("closed");
  await waitFor(() => running().length === 0, { what: "the processes to be gone" });
  expect(started).toBeLessThan(files.length);
  expect(Object.keys(pool.versions)).toEqual(["eslint"]);
});
