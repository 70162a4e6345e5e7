import type { ArtifactStore } from "lockstep/internal/artifacts";
import { artifactWriter } from "lockstep/internal/artifacts";
import { type JobContext, newId } from "lockstep/internal/job";

/** What a handler did through its context. */
export interface Recorded {
  readonly ctx: JobContext;
  readonly jobId: string;
  readonly progress: { fraction: number; message: string | undefined }[];
  readonly logs: string[];
}

/**
 * A context like the one a worker passes: it keeps progress and logs, and artifacts go to the
 * store.
 */
export function recordingContext(
  store: ArtifactStore,
  signal: AbortSignal = new AbortController().signal,
): Recorded {
  const jobId = newId();
  const progress: Recorded["progress"] = [];
  const logs: string[] = [];
  const ctx: JobContext = {
    job: { id: jobId, kind: "scan", attempt: 1 } as JobContext["job"],
    signal,
    progress: (fraction, message) => void progress.push({ fraction, message }),
    log: (message) => void logs.push(message),
    artifacts: artifactWriter(store, jobId, 1),
    commit: () => Promise.reject(new Error("a scan has no use for this")),
  };
  return { ctx, jobId, progress, logs };
}
