import { delimiter } from "node:path";
import { defineWorkload, folder, list, setting } from "lockstep/internal/workload";
import { z } from "zod";
import { scanCommand } from "./commands/scan.js";
import { scanDemo } from "./demo.js";

/** The kind `scan` and everything that belongs to it. */
export const scan = defineWorkload({
  kind: "scan",
  settings: {
    scanRoots: setting({
      variable: "LOCKSTEP_SCAN_ROOTS",
      flag: "--scan-roots",
      value: "folders",
      meaning: `folders that may be scanned, separated by "${delimiter}"`,
      schema: list(delimiter).pipe(z.array(folder).min(1, "must name at least one folder")),
      fallback: ".",
    }),
    scanAllowPrivate: setting({
      variable: "LOCKSTEP_SCAN_ALLOW_PRIVATE",
      flag: "--scan-allow-private",
      value: "true|false",
      meaning: "whether a git URL may point to a private address: true or false",
      schema: z.stringbool({ error: "must be true or false" }),
      fallback: "false",
      preset: "true",
    }),
  },
  async job({ files: store, settings: { scanRoots: roots, scanAllowPrivate: allowPrivateAddresses } }) {
    const { scanJob } = await import("./scan-job.js");
    return scanJob({ roots, store, allowPrivateAddresses });
  },
  commands: [scanCommand],
  example({ scanRoots: [root = "."] }) {
    const path = root === process.cwd() ? "." : root;
    return { command: `scan ${path} --wait`, meaning: "scan this folder", input: { path } };
  },
  demo: scanDemo,
});
