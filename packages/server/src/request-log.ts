import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "./app-type.js";

const NOISY: readonly string[] = ["/health/live", "/health/ready"];

/**
 * One log line per request: what was requested and the result, and nothing of the content of
 * request or response.
 */
export function addRequestLog(app: App): void {
  app.addHook("onRequest", (request, reply, next) => {
    reply.header("x-request-id", request.id);
    reply.raw.once("close", () => {
      // Event streams also end this way, because they have no other end.
      if (!reply.raw.writableFinished) request.log.info(lineOf(request, reply), "request abandoned");
    });
    next();
  });
  app.addHook("onResponse", (request, reply, next) => {
    const line = lineOf(request, reply);
    request.log[NOISY.includes(line.route) ? "debug" : "info"](line, "request");
    next();
  });
}

/** The route's pattern, not the address: a query can contain data that must not be logged. */
function lineOf(request: FastifyRequest, reply: FastifyReply) {
  const route = request.routeOptions.url ?? "(none)";
  return { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
}
