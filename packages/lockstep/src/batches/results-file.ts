import { text } from "node:stream/consumers";
import type { ArtifactStore } from "../artifacts/index.js";
import { LockstepError } from "../errors.js";
import type { RankedFile } from "../workload/index.js";
import type { RankedResult } from "./ranked.js";

/**
 * Joins the completed jobs' files into one, best first. Files are read one after the other, and a
 * job without the file is skipped.
 */
export async function* resultsFile(
  results: readonly RankedResult[],
  file: RankedFile,
  store: ArtifactStore,
): AsyncGenerator<string> {
  for (const { rank, job_id, attempt, status } of results) {
    if (status !== "completed" || rank === null) continue;
    const opened = await store.openArtifact(job_id, attempt, file.artifact).catch((error: unknown) => {
      if (error instanceof LockstepError && error.code === "ARTIFACT_NOT_FOUND") return null;
      throw error;
    });
    if (opened !== null) yield file.part(await text(opened.stream), { rank, jobId: job_id });
  }
}
