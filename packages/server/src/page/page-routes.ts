import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import type { App } from "../app-type.js";

/**
 * Every address a person can open, besides `/`. Any other is not found: a misspelled address is not
 * a page.
 */
const ADDRESSES = [
  "/jobs",
  "/jobs/:id",
  "/batches",
  "/batches/:id",
  "/submit",
  "/submit/:kind",
  "/doctor",
  "/system",
  "/sign-in",
];
/** File names created by the build: letters, digits and a hash. */
const ASSET = /^[\w.-]{1,200}$/;
const YEAR = "public, max-age=31536000, immutable";

/** Answers with the page's document. */
export type SendPage = (reply: FastifyReply) => FastifyReply;

/** Whether a folder has a built page. Without one only the API is served. */
export function servesPage(pageDir: string | undefined): pageDir is string {
  return pageDir !== undefined && existsSync(join(pageDir, "index.html"));
}

/** Whether the client is a browser that opens an address, not a program that calls the API. */
export function wantsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? "").split(",").some((type) => type.trim().startsWith("text/html"));
}

/** @param pageDir a folder for which `servesPage` is true */
export async function pageRoutes(app: App, pageDir: string): Promise<SendPage> {
  const document = readFileSync(join(pageDir, "index.html"));
  const send: SendPage = (reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .header("vary", "accept")
      .send(document);
  for (const url of ADDRESSES)
    app.get(url, { config: { role: "public" }, schema: { hide: true } }, async (_request, reply) =>
      send(reply),
    );
  const inOwnScope: FastifyPluginAsync = async (scope) => addAssets(scope, pageDir);
  await app.register(inOwnScope);
  return send;
}

async function addAssets(scope: Parameters<FastifyPluginAsync>[0], pageDir: string): Promise<void> {
  // The build has stored a compressed file beside each file.
  const options = { serve: false, cacheControl: false, preCompressed: true };
  await scope.register(fastifyStatic, { root: join(pageDir, "assets"), ...options });
  scope.get<{ Params: { name: string } }>(
    "/assets/:name",
    { config: { role: "public" }, schema: { hide: true } },
    async (request, reply) => {
      const { name } = request.params;
      if (!ASSET.test(name) || !existsSync(join(pageDir, "assets", name)))
        throw new LockstepError("NOT_FOUND", "There is nothing at this address.");
      return reply.header("cache-control", YEAR).header("vary", "accept-encoding").sendFile(name);
    },
  );
}
