import { randomUUID } from "node:crypto";
import fastify, { type FastifyBaseLogger, LogController } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { LockstepError } from "lockstep/internal/errors";
import type { App } from "./app-type.js";
import { addAuthCheck } from "./auth.js";
import { addBodyParser } from "./body-parser.js";
import { answerClientError } from "./client-error.js";
import { addErrorHandler, addMethodNotAllowed, collectMethods, sendProblem } from "./error-handler.js";
import { addDocsPages, addOpenApi } from "./openapi.js";
import { addRequestLog } from "./request-log.js";
import { requestValidator } from "./request-validator.js";
import { addRoutes } from "./routes/index.js";
import { securityHeaders } from "./security-headers.js";
import type { ServerContext, ServerOptions } from "./server-context.js";

const BODY_BYTES_MAX = 1024 * 1024;
/** An artifact's name has at most 200 bytes, each of which may be written as %XX. */
const PARAMETER_CHARACTERS_MAX = 600;
/** Time to receive a whole request: long enough for an upload over a slow connection. */
const REQUEST_MS = 300_000;
/** Allowed silence on a connection; longer than any wait and any heartbeat. */
const SILENCE_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;

// Scripts, styles and requests of this origin only; images also from `data:`, which the reference
// pages use for icons.
const CONTENT_SECURITY_POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'none'"],
};

/** Builds the server; nothing listens yet. */
export async function buildApp(
  context: ServerContext,
  options: ServerOptions,
  closing: { readonly begun: boolean },
): Promise<App> {
  const app = createApp(options);
  app.setValidatorCompiler(requestValidator);
  // Response schemas are documentation; TypeScript guarantees the types. Checking each response
  // again would cost more than everything else.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  addErrorHandler(app);
  addRequestLog(app);
  const headers = await securityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    strictTransportSecurity: false,
    xFrameOptions: { action: "deny" },
  });
  app.addHook("onRequest", (request, reply, next) => {
    reply.headers(request.url.startsWith("/api/") ? headers.data : headers.page);
    if (!closing.begun) {
      next();
      return;
    }
    reply.header("connection", "close");
    next(new LockstepError("SHUTTING_DOWN", "The server is shutting down."));
  });
  addAuthCheck(app, context.auth);
  addBodyParser(app);
  await addOpenApi(app, context.version);
  await addDocsPages(app);
  const methods = collectMethods(app);
  await addRoutes(app, context);
  addMethodNotAllowed(app, new Map(methods));
  await app.ready();
  return app;
}

function createApp({ logger }: ServerOptions): App {
  return fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request_id" }),
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS,
    connectionTimeout: SILENCE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>();
}
