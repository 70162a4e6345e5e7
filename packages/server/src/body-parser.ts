import { TextDecoder } from "node:util";
import type { FastifyRequest } from "fastify";
import { type Issue, LockstepError } from "lockstep/internal/errors";
import type { App } from "./app-type.js";
import { scanJson } from "./json-scan.js";

const JSON_TYPES = /^application\/(json|[\w.-]+\+json)\s*(;|$)/i;

declare module "fastify" {
  interface FastifyRequest {
    /**
     * Problems with the JSON body although it parses. A route that handles them itself sets
     * `keepsJsonIssues`.
     */
    jsonIssues: readonly Issue[];
  }
  interface FastifyContextConfig {
    /** The route handles each problem of the body itself instead of rejecting the request. */
    keepsJsonIssues?: boolean;
  }
}

/**
 * Reads JSON bodies, and rejects everything that `JSON.parse` would change silently. Every other
 * content type is rejected.
 */
export function addBodyParser(app: App): void {
  app.decorateRequest("jsonIssues");
  app.addHook("onRequest", async (request) => {
    request.jsonIssues = [];
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    JSON_TYPES,
    { parseAs: "buffer" },
    async (request: FastifyRequest, body: Buffer) => parseBody(request, body),
  );
}

function parseBody(request: FastifyRequest, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const text = decode(body);
  const scan = scanJson(text);
  if (scan.tooDeep) throw refusal(scan.issues);
  const value = parse(text);
  request.jsonIssues = scan.issues;
  if (scan.issues.length > 0 && !request.routeOptions.config.keepsJsonIssues) throw refusal(scan.issues);
  return value;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw refusal([{ pointer: "", detail: "is not UTF-8" }]);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the text, which can contain secrets; only the position is passed on.
    const place =
      error instanceof Error ? /at position \d+|end of JSON input/.exec(error.message)?.[0] : undefined;
    throw refusal([{ pointer: "", detail: `is not JSON${place ? ` (${place})` : ""}` }]);
  }
}

function refusal(issues: readonly Issue[]): LockstepError {
  return new LockstepError("INVALID_REQUEST", "The body is not acceptable JSON.", { issues });
}
