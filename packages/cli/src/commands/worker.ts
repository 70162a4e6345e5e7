import type { Command } from "commander";
import { openWorkloads } from "lockstep/internal/workload";
import { type CliSession, defineCommand } from "../command.js";
import { requireDatabaseUrl, runService } from "../service.js";

export function workerCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "worker",
    summary: "Run a worker alone",
    description:
      "Run a worker alone; any number may run, on any machine. It needs DATABASE_URL, because an embedded database cannot be shared. SIGTERM lets running jobs finish and releases the rest.",
    examples: ["DATABASE_URL=postgres://app@db/app lockstep worker --concurrency 20 --queues default,mail"],
    settings: [
      "databaseUrl",
      "schema",
      "redisUrl",
      "resultPrefix",
      "dataDir",
      "artifacts",
      "concurrency",
      "queues",
      "leaseSeconds",
      "metricsPort",
      "logLevel",
    ],
    runsWorkloads: true,
    async run({ config: readConfig, report, terminal, json }) {
      const config = readConfig();
      const { workloads: settings } = report();
      requireDatabaseUrl(config, "worker");
      return await runService({
        config,
        terminal,
        async start(runtime) {
          const { concurrency, queues, metricsPort } = config;
          const { id } = await runtime.startWorker({
            workloads: await openWorkloads(session.workloads, { files: runtime.files, settings }),
            concurrency,
            queues,
          });
          const metrics_url = metricsPort === null ? null : await runtime.exposeMetrics(metricsPort);
          const taken = queues.length === 0 ? "all queues" : queues.join(", ");
          if (json)
            terminal.json({
              schema: "lockstep.worker/1",
              worker_id: id,
              concurrency,
              queues,
              metrics_url,
              pid: process.pid,
            });
          else
            terminal.out(
              `Worker ${terminal.paint.bold(id)} takes ${taken}, ${concurrency} jobs at once  ${terminal.paint.dim("(stop with Ctrl+C)")}`,
            );
          if (!json && metrics_url !== null) terminal.note(`Metrics are at ${metrics_url}`);
          return "serve";
        },
      });
    },
  });
}
