import type { ArtifactWriter } from "../job/index.js";
import type { ArtifactStore } from "./store.js";

/** The `ctx.artifacts` of one attempt: it can write into that attempt's folder and nowhere else. */
export function artifactWriter(store: ArtifactStore, jobId: string, attempt: number): ArtifactWriter {
  return {
    async write(name, content, mediaType) {
      const artifact = { job_id: jobId, attempt, name, content };
      await store.writeArtifact(mediaType === undefined ? artifact : { ...artifact, media_type: mediaType });
    },
  };
}
