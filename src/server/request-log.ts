import type { App } from "./app-type.js";

const NOISY: readonly string[] = ["/health/live", "/health/ready"];

/** One line a request: what was asked for and how it went, and nothing of what was sent or answered. */
export function addRequestLog(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onRequestAbort", async (request) => {
    const line = { method: request.method, route: request.routeOptions.url ?? "(none)" };
    request.log.info(line, "request abandoned by the client");
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "(none)";
    const level = NOISY.includes(route) ? "debug" : "info";
    // The route's pattern, not the address: a query can hold what a log should not.
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log[level](line, "request");
  });
}
