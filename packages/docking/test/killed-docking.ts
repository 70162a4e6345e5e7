/**
 * A separate process that runs one docking, for tests that kill it. Arguments: the store, the
 * temporary folder, the input.
 */
import { createDiskStore } from "lockstep/internal/artifacts";
import { recordingContext } from "../../scan/test/context.js";
import { dockingJob } from "../src/docking-job.js";

const [, , storeDir = "", tempDir = "", input = ""] = process.argv;
const store = createDiskStore({ dir: storeDir });
const job = dockingJob({ store, tempDir });
const { ctx } = recordingContext(store);
const reporting = {
  ...ctx,
  progress: (_fraction: number, message?: string) => process.send?.(message ?? ""),
};
await job.run(job.input.parse(JSON.parse(input)), reporting);
