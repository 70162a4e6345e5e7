import { z } from "zod";
import { isPlainName } from "../../artifacts/index.js";
import { LockstepError } from "../../errors.js";
import type { App } from "../app-type.js";
import type { ServerParts } from "../parts.js";
import * as fields from "../wire/fields.js";
import { attachment, safeMediaType } from "./download.js";
import { findJob, jobPath } from "./find-job.js";

const ATTEMPT_MAX = 2_147_483_647;

const artifact = z.object({
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  media_type: z.string(),
  created_at: fields.at,
});

const attemptQuery = z.strictObject({
  attempt: fields.count({ min: 1, max: ATTEMPT_MAX }).optional().describe("Default: the latest"),
});

/** Files a job left behind, attempt by attempt. */
export function artifactRoutes(app: App, { ledger, files }: ServerParts): void {
  app.get(
    "/api/jobs/:id/artifacts",
    {
      config: { role: "read", problems: ["JOB_NOT_FOUND"] },
      schema: {
        summary: "The files an attempt of a job left behind",
        tags: ["Files"],
        params: jobPath,
        querystring: attemptQuery,
        response: { 200: z.object({ attempt: z.int(), artifacts: z.array(artifact).readonly() }) },
      },
    },
    async (request) => {
      const job = await findJob(ledger, request.params.id);
      const attempt = request.query.attempt ?? job.attempt;
      return { attempt, artifacts: attempt === 0 ? [] : await files.listArtifacts(job.id, attempt) };
    },
  );

  app.get(
    "/api/jobs/:id/artifacts/:name",
    {
      config: { role: "read", problems: ["JOB_NOT_FOUND", "ARTIFACT_NOT_FOUND"] },
      schema: {
        summary: "One of those files",
        description:
          "Always a download, never a page: `Content-Disposition: attachment`, and a media type no browser runs.",
        tags: ["Files"],
        params: jobPath.extend({ name: z.string() }),
        querystring: attemptQuery,
        produces: ["application/octet-stream"],
        response: { 200: z.unknown().describe("The file's bytes") },
      },
    },
    async (request, reply) => {
      const job = await findJob(ledger, request.params.id);
      const attempt = request.query.attempt ?? job.attempt;
      if (attempt === 0 || !isPlainName(request.params.name))
        throw new LockstepError("ARTIFACT_NOT_FOUND", "The attempt has no artifact of this name.");
      const { info, stream } = await files.openArtifact(job.id, attempt, request.params.name);
      reply.header("content-disposition", attachment(info.name)).header("content-length", info.bytes);
      return reply.type(safeMediaType(info.media_type)).send(stream);
    },
  );
}
