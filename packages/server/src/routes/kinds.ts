import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import { countLiveWorkers } from "../live-workers.js";
import type { ServerContext } from "../server-context.js";
import { named } from "../wire/registry.js";

const kind = named(
  "Kind",
  z.object({
    kind: z.string(),
    description: z.string().nullable(),
    queue: z.string(),
    max_attempts: z.int(),
    timeout_ms: z.int().nullable(),
    input_schema: z.record(z.string(), z.unknown()).readonly().describe("JSON Schema of the input"),
    programs: z
      .array(z.object({ program: z.string(), debian_package: z.string() }))
      .readonly()
      .describe("Programs that a worker's machine needs to offer the kind"),
    workers_live: z.int().nullable().describe("Live workers that offer it; null while the database is down"),
  }),
);

export function kindRoutes(app: App, { kinds, ledger }: ServerContext): void {
  app.get(
    "/api/kinds",
    {
      config: { role: "read" },
      schema: {
        summary: "The kinds of jobs that this server defines",
        description: "Jobs of other kinds are accepted once a worker has registered with them.",
        tags: ["Kinds"],
        response: { 200: z.object({ kinds: z.array(kind).readonly() }) },
      },
    },
    async () => {
      const live = await countLiveWorkers(ledger);
      return { kinds: kinds.all.map((each) => ({ ...each, workers_live: live.ofKind(each.kind) })) };
    },
  );

  app.get(
    "/api/kinds/:kind",
    {
      config: { role: "read", problems: ["NOT_FOUND"] },
      schema: {
        summary: "A kind of job, with the schema of its input",
        tags: ["Kinds"],
        params: z.object({ kind: z.string() }),
        response: { 200: kind },
      },
    },
    async (request) => {
      const found = kinds.get(request.params.kind);
      if (!found) throw new LockstepError("NOT_FOUND", "There is no kind with this name.");
      const live = await countLiveWorkers(ledger);
      return { ...found, workers_live: live.ofKind(found.kind) };
    },
  );
}
