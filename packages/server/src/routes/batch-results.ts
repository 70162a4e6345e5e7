import { Readable } from "node:stream";
import { rankedResults, resultsCsv, resultsFile } from "lockstep/internal/batches";
import { type Issue, LockstepError } from "lockstep/internal/errors";
import { BATCH_MEMBERS_MAX } from "lockstep/internal/ledger";
import type { Workload } from "lockstep/internal/workload";
import { z } from "zod";
import type { App } from "../app-type.js";
import type { ServerContext } from "../server-context.js";
import { batchResults } from "../wire/batch.js";
import * as fields from "../wire/fields.js";
import { batchPath, findBatch } from "./batches.js";
import { attachment } from "./download.js";

export function batchResultsRoute(app: App, { ledger, files, kinds }: ServerContext): void {
  app.get(
    "/api/batches/:id/results",
    {
      config: { role: "read", problems: ["BATCH_NOT_FOUND", "INVALID_REQUEST", "STORE_UNAVAILABLE"] },
      schema: {
        summary: "The results of a batch's jobs, best first",
        description: `Also while it runs: then the results of the jobs that have ended so far. Formats: \`json\`, \`csv\`, and those of the kind${filesText(kinds.workloads)}.`,
        tags: ["Batches"],
        params: batchPath,
        querystring: z.strictObject({
          format: z.string().max(20).default("json"),
          limit: fields
            .count({ min: 1, max: BATCH_MEMBERS_MAX })
            .optional()
            .describe("Only the first results. Default: all"),
        }),
        produces: ["application/json", "text/csv", "application/octet-stream"],
        response: { 200: z.union([batchResults, z.unknown().describe("The file's bytes")]) },
      },
    },
    async (request, reply) => {
      const { format, limit } = request.query;
      const batch = await findBatch(ledger, request.params.id);
      const ranking = kinds.workload(batch.kind)?.batch.ranking ?? null;
      const columns = ranking?.columns ?? [];
      const file = new Map(Object.entries(ranking?.files ?? {})).get(format);
      if (format !== "json" && format !== "csv" && file === undefined) throw unknownFormat(format);
      const results = (await rankedResults(ledger.batches, batch.id, ranking)).slice(0, limit);
      if (format === "json") return { batch, columns, results };
      reply.header("content-disposition", attachment(`batch-${batch.id}.${format}`));
      return file === undefined
        ? reply.type("text/csv; charset=utf-8").send(Readable.from(resultsCsv(results, columns)))
        : reply.type(file.mediaType).send(Readable.from(resultsFile(results, file, files)));
    },
  );
}

/** The additional files of each kind, such as `: for letter txt, ...`. */
function filesText(workloads: readonly Workload[]): string {
  const texts = workloads.flatMap(({ kind, batch }) =>
    Object.entries(batch.ranking?.files ?? {}).map(
      ([format, { holds }]) => `for ${kind} \`${format}\`, ${holds}`,
    ),
  );
  return texts.length === 0 ? "" : `: ${texts.join("; ")}`;
}

function unknownFormat(format: string): LockstepError {
  const issues: Issue[] = [{ pointer: "/format", detail: "is not json, csv or one of the kind's own" }];
  return new LockstepError("INVALID_REQUEST", `The kind's results are not available as ${format}.`, {
    issues,
  });
}
