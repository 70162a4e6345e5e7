import type { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { named } from "../wire/registry.js";
import { attachment, safeMediaType } from "./download.js";

const file = named(
  "File",
  z.object({
    id: z.string().describe("SHA-256 of the content; equal files are stored once"),
    name: z.string(),
    bytes: z.int(),
    media_type: z.string().describe("Detected from the content"),
    created_at: fields.at,
  }),
);

/** Files for use in a job's input. Only these routes accept forms. */
export async function fileRoutes(app: App, context: ServerContext): Promise<void> {
  const inOwnScope: FastifyPluginAsync = async (scope) => {
    await scope.register(multipart);
    addFileRoutes(scope.withTypeProvider<ZodTypeProvider>(), context);
    addContentRoute(scope.withTypeProvider<ZodTypeProvider>(), context);
  };
  await app.register(inOwnScope);
}

function addFileRoutes(app: App, { files }: ServerContext): void {
  app.post(
    "/api/files",
    {
      config: {
        role: "submit",
        problems: [
          "INVALID_REQUEST",
          "INVALID_INPUT",
          "BODY_TOO_LARGE",
          "UNSUPPORTED_MEDIA_TYPE",
          "STORE_UNAVAILABLE",
        ],
      },
      schema: {
        summary: "Upload a file",
        description:
          "A multipart form with one file, of at most 50 MiB unless the server is configured otherwise. A job's input refers to the file by its `id`.",
        tags: ["Files"],
        consumes: ["multipart/form-data"],
        response: { 201: file },
      },
    },
    async (request, reply) => {
      const upload = await onlyFile(request);
      const stored = await files.putFile(upload.content, { name: upload.name }).catch((error: unknown) => {
        throw upload.content.errored === null ? error : brokenForm(error);
      });
      return reply.code(201).header("location", `/api/files/${stored.id}`).send(stored);
    },
  );

  app.get(
    "/api/files/:id",
    {
      config: { role: "read", problems: ["FILE_NOT_FOUND", "STORE_UNAVAILABLE"] },
      schema: {
        summary: "Information about an uploaded file",
        tags: ["Files"],
        params: z.object({ id: z.string() }),
        response: { 200: file },
      },
    },
    async (request) => {
      const info = await files.fileInfo(request.params.id);
      if (!info) throw new LockstepError("FILE_NOT_FOUND", "There is no file with this id.");
      return info;
    },
  );
}

function addContentRoute(app: App, { files }: ServerContext): void {
  app.get(
    "/api/files/:id/content",
    {
      config: { role: "read", problems: ["FILE_NOT_FOUND", "STORE_UNAVAILABLE"] },
      schema: {
        summary: "An uploaded file",
        description: "For workers on other machines. Always a download, never a page.",
        tags: ["Files"],
        params: z.object({ id: z.string() }),
        produces: ["application/octet-stream"],
        response: { 200: z.unknown().describe("The file's bytes") },
      },
    },
    async (request, reply) => {
      const { info, stream } = await files.openFile(request.params.id);
      reply.header("content-disposition", attachment(info.name)).header("content-length", info.bytes);
      return reply.type(safeMediaType(info.media_type)).send(stream);
    },
  );
}

/**
 * The form's file, as a stream.
 * @throws UNSUPPORTED_MEDIA_TYPE when the body is not a form, INVALID_REQUEST when it has no file
 */
async function onlyFile(request: FastifyRequest): Promise<{ name: string; content: Readable }> {
  if (!request.isMultipart())
    throw new LockstepError("UNSUPPORTED_MEDIA_TYPE", "Send the file as multipart/form-data.");
  // The store limits the file's size as it arrives.
  const limits = { fileSize: Number.POSITIVE_INFINITY, files: 1, fields: 0, context: 1, headerPairs: 20 };
  const part = await request.file({ limits }).catch((error: unknown) => {
    throw brokenForm(error);
  });
  if (!part) throw new LockstepError("INVALID_REQUEST", "The form has no file.");
  return { name: part.filename, content: part.file };
}

/**
 * The parser's own errors have no code; those of the framework and of this program do, and keep it.
 */
export function brokenForm(error: unknown): unknown {
  if (error instanceof Error && "code" in error) return error;
  return new LockstepError("INVALID_REQUEST", "The form is incomplete, or is not a form.", { cause: error });
}
