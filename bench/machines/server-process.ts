/**
 * An API server in a separate process, composed as `lockstep server` does it. Beside it is the same
 * framework with a constant answer, and with the bare read of a row. argv[2]: JSON, see `options`.
 * Sends { url, constantUrl } to its parent, and ends when the parent disconnects.
 */

import { openService } from "@lockstep/server/internal/service";
import fastify from "fastify";
import { defineJob } from "lockstep";
import pino from "pino";
import { z } from "zod";

const options = z
  .object({
    databaseUrl: z.string(),
    redisUrl: z.string().nullable(),
    dataDir: z.string(),
    /** The answer of the constant route. */
    constant: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? ""));

const noop = defineJob({ kind: "noop", input: z.looseObject({}), run: () => ({ ok: true }) });
const { constant, ...places } = options;
const runtime = await openService({
  ...places,
  leaseSeconds: 30,
  logger: pino({ level: "error" }, pino.destination(2)),
});
const { url } = await runtime.startServer({
  definitions: [noop],
  host: "127.0.0.1",
  port: 0,
  version: "bench",
});
const bare = fastify();
bare.get("/constant/:id", (_request, reply) => reply.type("application/json; charset=utf-8").send(constant));
bare.get<{ Params: { id: string } }>("/read/:id", async ({ params }, reply) => {
  const row = await runtime.ledger.status(params.id);
  reply.type("application/json; charset=utf-8");
  return JSON.stringify({ job_id: row?.id, status: row?.status, version: row?.version, as_of: row?.as_of });
});
const constantUrl = await bare.listen({ host: "127.0.0.1", port: 0 });
process.send?.({ url, constantUrl });

process.once("disconnect", async () => {
  await bare.close();
  await runtime.close();
});
