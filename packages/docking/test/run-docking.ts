import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import { type Recorded, recordingContext } from "../../scan/test/context.js";
import { type DockingJobOptions, dockingJob } from "../src/docking-job.js";
import type { DockingOutput } from "../src/report/output.js";

export interface DockingRun extends Recorded {
  readonly output: DockingOutput;
  artifact(name: string): Promise<string>;
}

/** Checks an input and docks, as a worker would. */
export async function runDocking(
  input: object,
  options: DockingJobOptions,
  signal?: AbortSignal,
): Promise<DockingRun> {
  const job = dockingJob(options);
  const recorded = recordingContext(options.store, signal);
  const output = await job.run(job.input.parse(input), recorded.ctx);
  return {
    ...recorded,
    output,
    artifact: async (name) => await text((await options.store.openArtifact(recorded.jobId, 1, name)).stream),
  };
}

/** Uploads a file's content. @returns the file's id */
export async function upload(store: ArtifactStore, content: string | Buffer, name: string): Promise<string> {
  return (await store.putFile(Readable.from([content]), { name })).id;
}
