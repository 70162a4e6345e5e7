import type { FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import type { App } from "./app-type.js";
import { retryAfterSeconds, toLockstepError, toProblem } from "./problem.js";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const satisfies HTTPMethods[];

/** Turns every unsuccessful response into a problem document. */
export function addErrorHandler(app: App): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((_request, _reply) => {
    throw new LockstepError("NOT_FOUND", "There is nothing at this address.");
  });
}

/** @param members extension members of the document, such as the state of each dependency */
export function sendProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  members: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  const error = toLockstepError(thrown);
  if (error.httpStatus === 500) logCause(request, thrown);
  const seconds = retryAfterSeconds(error);
  if (seconds !== null) reply.header("retry-after", Math.max(1, Math.ceil(seconds)));
  if (error.code === "UNAUTHORIZED") reply.header("www-authenticate", "Bearer");
  return reply
    .code(error.httpStatus)
    .type("application/problem+json")
    .header("cache-control", "no-store")
    .header("x-request-id", request.id)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({ ...toProblem(error, request.id), ...members });
}

/** Logs only where it happened: a driver's error also carries rows and parameters. */
function logCause(request: FastifyRequest, thrown: unknown): void {
  const cause = thrown instanceof LockstepError && thrown.cause !== undefined ? thrown.cause : thrown;
  const seen =
    cause instanceof Error
      ? {
          name: cause.name,
          message: cause.message,
          code: "code" in cause ? cause.code : null,
          stack: cause.stack,
        }
      : { name: typeof cause };
  request.log.error({ error: seen }, "request failed");
}

/** Answers 405 to methods that an address does not have. Call it after all routes are added. */
export function addMethodNotAllowed(app: App, methodsByUrl: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of methodsByUrl) {
    const allow = [...methods].sort().join(", ");
    app.route({
      method: METHODS.filter((method) => !methods.has(method)),
      url,
      config: { role: "public" },
      schema: { hide: true },
      onRequest: async (_request, reply) => {
        reply.header("allow", allow);
        throw new LockstepError("METHOD_NOT_ALLOWED", `This address supports ${allow}.`);
      },
      handler: () => undefined,
    });
  }
}

/** Collects the methods of every route added from now on, by address. */
export function collectMethods(app: App): ReadonlyMap<string, ReadonlySet<string>> {
  const methodsByUrl = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const methods = methodsByUrl.get(url) ?? new Set<string>();
    for (const name of [method].flat()) methods.add(name);
    methodsByUrl.set(url, methods);
  });
  return methodsByUrl;
}
