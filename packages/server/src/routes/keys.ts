import { LockstepError } from "lockstep/internal/errors";
import { ROLES } from "lockstep/internal/keys";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { named } from "../wire/registry.js";

const FIRST_KEY =
  "The first API key is made on the command line, where the database is: lockstep keys create NAME --role admin. A process that has the embedded database open must be stopped for that.";

const keyFields = {
  id: fields.id,
  name: z.string(),
  role: z.enum(ROLES),
  created_at: fields.at,
  revoked_at: fields.at.nullable(),
};

const key = named("Key", z.object(keyFields));

export function keyRoutes(app: App, { keys }: ServerContext): void {
  app.get(
    "/api/keys",
    {
      config: { role: "admin" },
      schema: {
        summary: "The API keys, without their secrets",
        tags: ["Keys"],
        response: { 200: z.object({ keys: z.array(key).readonly() }) },
      },
    },
    async () => ({ keys: await keys.list() }),
  );

  app.post(
    "/api/keys",
    {
      config: { role: "admin", problems: ["INVALID_INPUT"] },
      schema: {
        summary: "Create an API key",
        description:
          "Its `token` is shown once. This call itself needs a key: the first one is made on the command line, with `lockstep keys create`.",
        tags: ["Keys"],
        body: z.strictObject({ name: fields.text(100), role: z.enum(ROLES) }),
        response: { 201: z.object({ ...keyFields, token: z.string().describe("The secret") }) },
      },
    },
    async (request, reply) => {
      if (request.caller.key === null) throw new LockstepError("UNAUTHORIZED", FIRST_KEY);
      const made = await keys.create(request.body);
      return reply.code(201).header("cache-control", "no-store").send(made);
    },
  );

  app.delete(
    "/api/keys/:id",
    {
      config: { role: "admin", problems: ["KEY_NOT_FOUND"] },
      schema: {
        summary: "Revoke an API key",
        description: "Takes effect everywhere within five seconds.",
        tags: ["Keys"],
        params: z.object({ id: z.string() }),
        response: { 200: key },
      },
    },
    async (request) => await keys.revoke(request.params.id),
  );
}
