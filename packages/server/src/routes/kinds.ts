import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import type { App } from "../app-type.js";
import { countLiveWorkers } from "../live-workers.js";
import type { ServerContext } from "../server-context.js";
import * as fields from "../wire/fields.js";
import { kind, kindPage } from "../wire/kind.js";

const LIST_MAX = 1_000;

export function kindRoutes(app: App, { kinds, ledger }: ServerContext): void {
  app.get(
    "/api/kinds",
    {
      config: { role: "read" },
      schema: {
        summary: "The kinds of jobs, by name",
        description:
          "Every kind that a worker or client has recorded. A job of such a kind takes from it what its submit leaves out, and its input is checked against the schema.",
        tags: ["Kinds"],
        querystring: z.strictObject({
          limit: fields.count({ min: 1, max: LIST_MAX }).default(LIST_MAX),
          cursor: fields.name.optional().describe("From the previous page's `next`"),
        }),
        response: { 200: kindPage },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const page = await kinds.list({ limit, ...(cursor === undefined ? {} : { after: cursor }) });
      const live = await countLiveWorkers(ledger);
      return {
        kinds: page.kinds.map((each) => ({ ...each, workers_live: live.ofKind(each.kind) })),
        next: page.next,
      };
    },
  );

  app.get(
    "/api/kinds/:kind",
    {
      config: { role: "read", problems: ["NOT_FOUND"] },
      schema: {
        summary: "A kind of job, with its defaults and the schema of its input",
        tags: ["Kinds"],
        params: z.object({ kind: z.string() }),
        response: { 200: kind },
      },
    },
    async (request) => {
      const found = await kinds.get(request.params.kind);
      if (!found) throw new LockstepError("NOT_FOUND", "There is no kind with this name.");
      const live = await countLiveWorkers(ledger);
      return { ...found, workers_live: live.ofKind(found.kind) };
    },
  );
}
