import { text } from "node:stream/consumers";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import type { ScanOutput } from "../src/report/output.js";
import { type ScanJobOptions, scanJob } from "../src/scan-job.js";
import { type Recorded, recordingContext } from "./context.js";

export interface ScanRun extends Recorded {
  readonly output: ScanOutput;
  /** The SARIF report as it was stored. */
  readonly sarif: string;
}

export type Options = Partial<ScanJobOptions> & Pick<ScanJobOptions, "store" | "roots">;

/** Checks an input and runs the scan on it, as a worker would. */
export async function runScan(input: unknown, options: Options, signal?: AbortSignal): Promise<ScanRun> {
  const job = scanJob({ allowPrivateAddresses: false, searchPath: "/usr/bin:/bin", ...options });
  const recorded = recordingContext(options.store, signal);
  const output = await job.run(job.input.parse(input), recorded.ctx);
  return { ...recorded, output, sarif: await readArtifact(options.store, recorded.jobId, output.report) };
}

async function readArtifact(store: ArtifactStore, jobId: string, name: string): Promise<string> {
  return await text((await store.openArtifact(jobId, 1, name)).stream);
}

/** A finding in one line: its rule and its place. */
export function inShort(output: ScanOutput): string[] {
  return output.findings.map(
    ({ severity, rule, file, start_line, cwe }) => `${severity} ${rule} ${file}:${start_line} ${cwe}`,
  );
}
