import { ERROR_CODES } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import { type SendPage, wantsPage } from "../page/index.js";
import type { ServerContext } from "../server-context.js";

/**
 * The start address, and the target of `type` in a problem document.
 * @param sendPage what a browser receives at `/`; null when there is no page
 */
export function rootRoutes(app: App, { version }: ServerContext, sendPage: SendPage | null): void {
  app.get(
    "/",
    {
      config: { role: "public" },
      schema: {
        summary: "Where to start",
        tags: ["About"],
        response: {
          200: z.object({
            name: z.string(),
            version: z.string(),
            docs: z.string(),
            openapi: z.string(),
            health: z.string(),
          }),
        },
      },
    },
    async (request, reply) => {
      reply.header("vary", "accept");
      if (sendPage && wantsPage(request)) return sendPage(reply);
      return {
        name: "lockstep",
        version,
        docs: "/docs",
        openapi: "/openapi.json",
        health: "/health/ready",
      };
    },
  );

  app.get("/openapi.json", { config: { role: "public" }, schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/json").send(JSON.stringify(app.swagger())),
  );

  const page = errorsPage();
  app.get("/docs/errors", { config: { role: "public" }, schema: { hide: true } }, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(page),
  );
}

/** Built only from the table of codes: nothing from a client becomes part of it. */
function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { httpStatus, title }]) => `<h2 id="${code}">${code}</h2><p>${httpStatus}: ${title}.</p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Error codes</title><h1>Error codes</h1>${rows.join("")}</html>`;
}
