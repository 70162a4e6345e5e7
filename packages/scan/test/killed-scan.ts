/**
 * A separate process that runs one scan, for tests that kill it. Arguments: the tree, the store,
 * the temporary folder.
 */
import { createDiskStore } from "lockstep/internal/artifacts";
import { scanJob } from "../src/scan-job.js";
import { recordingContext } from "./context.js";

const [, , root = "", storeDir = "", tempDir = ""] = process.argv;
const store = createDiskStore({ dir: storeDir });
const job = scanJob({
  roots: [root],
  store,
  allowPrivateAddresses: false,
  tempDir,
  limits: { fileBytesMax: 50_000_000, fileMs: 600_000 },
});
const { ctx } = recordingContext(store);
const reporting = {
  ...ctx,
  progress: (_fraction: number, message?: string) => process.send?.(message ?? ""),
};
await job.run(job.input.parse({ path: root }), reporting);
