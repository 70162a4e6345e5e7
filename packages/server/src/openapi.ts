import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { ERROR_CODES, type ErrorCode } from "lockstep/internal/errors";
import type { App } from "./app-type.js";
import type { RouteRole } from "./auth.js";
import { transform, transformObject } from "./document-transform.js";
import { problem } from "./wire/problem.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The error codes of this route besides those that every such route can return. */
    problems?: readonly ErrorCode[];
  }
  interface FastifySchema {
    "x-role"?: RouteRole;
    "x-problems"?: readonly ErrorCode[];
  }
}

const TITLE = "Lockstep";
const DESCRIPTION = `Background jobs whose status is never wrong.
Every answer that shows a status carries \`version\`, \`source\` and \`as_of\`. Every error is an RFC 9457 problem document with a stable \`code\`.`;

/**
 * Serves the API's description at /openapi.json and as pages at /docs. Call it before any route is
 * added.
 */
export async function addOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: TITLE, description: DESCRIPTION, version, license: { name: "MIT", identifier: "MIT" } },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key: `lk_...`" } },
      },
    },
    transform,
    transformObject,
  });
  app.addHook("onRoute", (route) => {
    const { role, problems = [] } = route.config ?? {};
    if (!route.schema || route.schema.hide || !role) return;
    const codes = [...new Set([...problems, ...commonProblems(role, route.schema)])].sort();
    Object.assign(route.schema, {
      "x-role": role,
      "x-problems": codes,
      security: role === "public" ? [] : [{ key: [] }],
      response: { ...(route.schema.response as object), ...problemResponses(codes) },
    });
  });
}

/**
 * The pages are static files and one script that fetches /openapi.json, so they work under a policy
 * without inline scripts.
 */
export async function addDocsPages(app: App): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { layout: "BaseLayout", docExpansion: "list" },
    theme: { title: `${TITLE}: the HTTP API` },
  });
}

function commonProblems(role: RouteRole, schema: { body?: unknown; querystring?: unknown }): ErrorCode[] {
  const codes: ErrorCode[] = ["INTERNAL", "SHUTTING_DOWN"];
  if (role !== "public") codes.push("UNAUTHORIZED", "FORBIDDEN", "ORIGIN_REFUSED", "DATABASE_UNAVAILABLE");
  if (schema.querystring || schema.body) codes.push("INVALID_REQUEST");
  if (schema.body) codes.push("BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE");
  return codes;
}

function problemResponses(codes: readonly ErrorCode[]): Record<number, object> {
  const statuses = [...new Set(codes.map((code) => ERROR_CODES[code].httpStatus))].sort();
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(codes, status)]));
}

function problemResponse(codes: readonly ErrorCode[], status: number): object {
  const lines = codes
    .filter((code) => ERROR_CODES[code].httpStatus === status)
    .map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`);
  return { description: lines.join("; "), content: { "application/problem+json": { schema: problem } } };
}
