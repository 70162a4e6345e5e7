import { relative, resolve } from "node:path";
import type { WorkloadDemo } from "lockstep/internal/workload";
import { z } from "zod";
import { readScanOutput, scanText } from "./commands/scan-text.js";
import { sampleDir } from "./shipped-sample.js";

const FINDINGS_SHOWN_MAX = 10;

const given = z.object({ path: z.string() });

/** Two scans: Lockstep itself, with few findings, and the sample, with its planted findings. */
export const scanDemo: WorkloadDemo = {
  description: "Lockstep's own source code and a deliberately flawed sample are scanned",
  plan(root) {
    const [own, sample] = [resolve(root), sampleDir()];
    return {
      settings: { scanRoots: [own, sample], scanAllowPrivate: false },
      jobs: [
        {
          title: "Scan of Lockstep's own source code",
          place: own,
          input: { path: own, exclude: [`/${relative(own, sample)}/`] },
        },
        {
          title: "Scan of the deliberately flawed sample",
          place: sample,
          input: { path: sample, exclude: [] },
        },
      ],
    };
  },
  text: (job, tools) => scanText(job, tools, FINDINGS_SHOWN_MAX),
  facts: (job) => ({
    path: given.parse(job.input).path,
    counts: job.status === "completed" ? readScanOutput(job).counts : null,
  }),
};
