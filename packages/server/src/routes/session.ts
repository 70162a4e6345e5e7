import type { FastifyRequest } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import { ROLES } from "lockstep/internal/keys";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import { sessionCookie, sessionOf } from "../session-cookie.js";
import * as fields from "../wire/fields.js";

const session = z.object({
  needs_key: z.boolean().describe("Whether this browser must sign in before it can read anything"),
  name: z.string().nullable().describe("Name of the key it signed in with"),
  role: z.enum(ROLES).nullable().describe("What it may do; null: nothing"),
});

/** How a browser signs in: with an API key, for a session in a cookie that no script can read. */
export function sessionRoutes(app: App, { auth, keys }: ServerContext): void {
  app.get(
    "/api/session",
    {
      config: { role: "public", problems: ["DATABASE_UNAVAILABLE"] },
      schema: {
        summary: "Who this browser is signed in as",
        tags: ["Session"],
        response: { 200: session },
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      const who = await auth.who(request);
      return { needs_key: who === null, name: who?.name ?? null, role: who?.role ?? null };
    },
  );

  app.post(
    "/api/session",
    {
      config: {
        role: "public",
        problems: ["UNAUTHORIZED", "ORIGIN_REFUSED", "DATABASE_UNAVAILABLE"],
      },
      schema: {
        summary: "Sign a browser in with an API key",
        description:
          "Answers with a cookie that is HttpOnly and SameSite=Strict. It holds a session, not the key; revoking the key ends it.",
        tags: ["Session"],
        body: z.strictObject({ key: fields.text(200) }),
        response: { 200: session },
      },
    },
    async (request, reply) => {
      auth.requireOwnOrigin(request);
      const opened = await keys.openSession(request.body.key);
      if (!opened) throw new LockstepError("UNAUTHORIZED", "The API key is unknown or was revoked.");
      const { key, session: secret } = opened;
      reply.header("set-cookie", sessionCookie(secret, isHttps(request)));
      reply.header("cache-control", "no-store");
      return { needs_key: false, name: key.name, role: key.role };
    },
  );

  app.delete(
    "/api/session",
    {
      config: { role: "public", problems: ["ORIGIN_REFUSED", "DATABASE_UNAVAILABLE"] },
      schema: {
        summary: "Sign a browser out",
        description:
          "The cookie is removed at once, even when the database does not answer and the session itself remains.",
        tags: ["Session"],
        response: { 200: z.object({ signed_out: z.literal(true) }) },
      },
    },
    async (request, reply) => {
      auth.requireOwnOrigin(request);
      reply.header("set-cookie", sessionCookie(null, isHttps(request)));
      const held = sessionOf(request.headers.cookie);
      if (held !== null) await keys.closeSession(held);
      return { signed_out: true as const };
    },
  );
}

/** A proxy that terminates TLS keeps https in the origin that its users see. */
function isHttps({ headers }: FastifyRequest): boolean {
  return headers.origin?.startsWith("https:") ?? false;
}
