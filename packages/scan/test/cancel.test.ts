import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiskStore } from "lockstep/internal/artifacts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { programOf } from "../../../tests/runner/program.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { scanJob } from "../src/scan-job.js";
import { recordingContext } from "./context.js";
import { heavyCode } from "./heavy-code.js";
import { processesWith } from "./processes.js";
import { runScan } from "./run-scan.js";

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-stopping-"));
  root = join(base, "tree");
  await mkdir(root);
  const code = Array.from(
    { length: 40 },
    (_, n) => `export function f${n}(a, b) { return a && b ? a + ${n} : f${n}(b, a); }`,
  ).join("\n");
  for (let n = 0; n < 1_500; n += 1) await writeFile(join(root, `${n}.js`), code);
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** The processes of a scan have its tree on their command line. */
const scanners = () => processesWith(JSON.stringify(root));
const workspaces = async () => (await readdir(base)).filter((name) => name.startsWith("lockstep-scan-"));

it("a cancelled scan stops in the middle, stops its processes, and leaves nothing behind", async () => {
  const store = createDiskStore({ dir: join(base, "store") });
  const job = scanJob({ roots: [root], store, allowPrivateAddresses: false, tempDir: base });
  const stop = new AbortController();
  const { ctx, progress } = recordingContext(store, stop.signal);
  const running = Promise.allSettled([job.run(job.input.parse({ path: root }), ctx)]);
  await waitFor(() => progress.length > 20, { what: "the scan to be under way" });
  expect(scanners()).toHaveLength(2);

  const reason = new Error("cancelled by a person");
  stop.abort(reason);
  const [outcome] = await running;
  expect(outcome).toEqual({ status: "rejected", reason });
  expect(Math.max(...progress.map(({ fraction }) => fraction))).toBeLessThan(0.9);
  expect(await workspaces()).toEqual([]);
  await waitFor(() => scanners().length === 0, { what: "the scanner processes to be gone" });
});

it("when the process of a scan is killed, even a busy scanner is killed too, and the next scan removes its folder", async () => {
  await writeFile(join(root, "0-heavy.js"), heavyCode(200_000));
  const main = programOf(new URL("killed-scan.ts", import.meta.url));
  const child = fork(main, [root, join(base, "store"), base], {
    execArgv: [],
    stdio: "inherit",
  });
  const heard: unknown[] = [];
  child.on("message", (message) => heard.push(message));
  // The first file takes one scanner half a minute; the other scanner continues with the rest.
  await waitFor(() => heard.length > 20, { what: "the scan to be under way" });
  expect(heard).toContain("scanning 0-heavy.js");
  expect(scanners()).toHaveLength(2);
  expect(await workspaces()).toHaveLength(1);
  child.kill("SIGKILL");
  await once(child, "exit");
  await waitFor(() => scanners().length === 0, { what: "the orphaned scanners to be gone" });
  expect(await workspaces()).toHaveLength(1);

  const small = join(base, "small");
  await mkdir(small);
  await runScan(
    { path: small },
    { store: createDiskStore({ dir: join(base, "store") }), roots: [small], tempDir: base },
  );
  expect(await workspaces()).toEqual([]);
});
