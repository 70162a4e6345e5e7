import type { FastifyRequest } from "fastify";
import { isPlainName } from "lockstep/internal/artifacts";
import { LockstepError } from "lockstep/internal/errors";
import { INTEGER_MAX } from "lockstep/internal/job";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { attachment, safeMediaType } from "./download.js";
import { findJob, jobPath } from "./find-job.js";
import { byteRange } from "./range.js";

export const artifact = z.object({
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  media_type: z.string(),
  created_at: fields.at,
});

const attemptQuery = z.strictObject({
  attempt: fields.count({ min: 1, max: INTEGER_MAX }).optional().describe("Default: the latest"),
});

/** The files of a job, by attempt. */
export function artifactRoutes(app: App, { ledger, files }: ServerContext): void {
  app.get(
    "/api/jobs/:id/artifacts",
    {
      config: { role: "read", problems: ["JOB_NOT_FOUND", "STORE_UNAVAILABLE"] },
      schema: {
        summary: "The files of an attempt of a job",
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
      config: { role: "read", problems: ["JOB_NOT_FOUND", "ARTIFACT_NOT_FOUND", "STORE_UNAVAILABLE"] },
      schema: {
        summary: "One file of an attempt",
        description:
          "Always a download, never a page: `Content-Disposition: attachment`, and a media type no browser runs.",
        tags: ["Files"],
        params: jobPath.extend({ name: z.string() }),
        querystring: attemptQuery,
        produces: ["application/octet-stream"],
        response: {
          200: z.unknown().describe("The file's bytes"),
          206: z.unknown().describe("The bytes that `Range` asks for: one range"),
        },
      },
    },
    async (request, reply) => {
      const job = await findJob(ledger, request.params.id);
      const attempt = request.query.attempt ?? job.attempt;
      if (attempt === 0 || !isPlainName(request.params.name))
        throw new LockstepError("ARTIFACT_NOT_FOUND", "The attempt has no artifact of this name.");
      const { info, stream, range } = await openPart(request, files, {
        job_id: job.id,
        attempt,
        name: request.params.name,
      });
      reply
        .header("content-disposition", attachment(info.name))
        .header("accept-ranges", "bytes")
        .header("etag", `"${info.sha256}"`)
        .header("content-length", range ? range.end - range.start + 1 : info.bytes);
      if (range) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${info.bytes}`);
      return reply.type(safeMediaType(info.media_type)).send(stream);
    },
  );
}

interface ArtifactPlace {
  readonly job_id: string;
  readonly attempt: number;
  readonly name: string;
}

/** Opens the requested part of a file, if the client's `If-Range` still matches this content. */
async function openPart(
  request: FastifyRequest,
  files: ServerContext["files"],
  { job_id, attempt, name }: ArtifactPlace,
) {
  const { range: asked, "if-range": known } = request.headers;
  if (asked === undefined) return { ...(await files.openArtifact(job_id, attempt, name)), range: null };
  const info = (await files.listArtifacts(job_id, attempt)).find((each) => each.name === name);
  const isSame = info !== undefined && (known === undefined || known === `"${info.sha256}"`);
  const range = isSame ? byteRange(asked, info.bytes) : null;
  return { ...(await files.openArtifact(job_id, attempt, name, range ?? undefined)), range };
}
