import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArtifactStore, createDiskStore } from "lockstep/internal/artifacts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { programOf } from "../../../tests/runner/program.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { recordingContext } from "../../scan/test/context.js";
import { processesWith } from "../../scan/test/processes.js";
import { dockingJob } from "../src/docking-job.js";
import { upload } from "./run-docking.js";
import { SMALL_BOX, shippedData } from "./tools.js";

const data = shippedData();
let base: string;
let store: ArtifactStore;
let input: object;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-stopping-"));
  store = createDiskStore({ dir: join(base, "store") });
  // Takes minutes, in several threads.
  const [receptor, ligand] = [
    await upload(store, data.receptor, "p.pdbqt"),
    await upload(store, data.ligand, "l.pdbqt"),
  ];
  input = { receptor, ligand, box: SMALL_BOX, exhaustiveness: 64, cpu: 2, energy_range: 3.875_125, seed: 1 };
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** No other docking on this machine uses this range. */
const vinas = () => processesWith("--energy_range=3.875125");
const workspaces = async () => (await readdir(base)).filter((name) => name.startsWith("lockstep-docking-"));

it("a cancelled docking stops in the middle, stops Vina too, and leaves nothing behind", async () => {
  const job = dockingJob({ store, tempDir: base });
  const stop = new AbortController();
  const { ctx, jobId, progress } = recordingContext(store, stop.signal);
  const running = Promise.allSettled([job.run(job.input.parse(input), ctx)]);
  await waitFor(() => vinas().length === 1, { what: "Vina to run" });
  const reason = new Error("cancelled by a person");
  stop.abort(reason);
  const [outcome] = await running;
  expect(outcome).toEqual({ status: "rejected", reason });
  expect(vinas()).toEqual([]);
  expect(await workspaces()).toEqual([]);
  expect(await store.listArtifacts(jobId, 1)).toEqual([]);
  expect(Math.max(...progress.map(({ fraction }) => fraction))).toBeLessThan(0.95);
});

it("when the process of a docking is killed, Vina is killed too, and the next docking removes its folder", async () => {
  const main = programOf(new URL("killed-docking.ts", import.meta.url));
  const child = fork(main, [join(base, "store"), base, JSON.stringify(input)], { execArgv: [] });
  await waitFor(() => vinas().length === 1, { what: "Vina to run" });
  expect(await workspaces()).toHaveLength(1);
  child.kill("SIGKILL");
  await once(child, "exit");
  await waitFor(() => vinas().length === 0, { what: "Vina to be gone" });
  expect(await workspaces()).toHaveLength(1);

  const next = dockingJob({ store, tempDir: base });
  const nothing = { receptor: "0".repeat(64), smiles: "C" };
  await expect(next.run(next.input.parse(nothing), recordingContext(store).ctx)).rejects.toThrow(
    "file is missing",
  );
  expect(await workspaces()).toEqual([]);
});
