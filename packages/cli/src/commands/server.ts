import type { Command } from "commander";
import { openWorkloads } from "lockstep/internal/workload";
import { type CliSession, defineCommand } from "../command.js";
import { packageVersion } from "../package.js";
import { requireDatabaseUrl, runService } from "../service.js";

export function serverCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "server",
    summary: "Run the API alone",
    description:
      "Run the API alone, beside workers in other processes. It needs DATABASE_URL, because an embedded database cannot be shared.",
    examples: ["DATABASE_URL=postgres://app@db/app lockstep server --port 8080"],
    settings: [
      "host",
      "port",
      "databaseUrl",
      "schema",
      "redisUrl",
      "resultPrefix",
      "dataDir",
      "leaseSeconds",
      "logLevel",
      "uploadBytesMax",
      "retentionDays",
      "archiveDir",
      "artifacts",
      "archiveBucket",
      "fileRetentionDays",
    ],
    runsWorkloads: true,
    async run({ config: readConfig, report, terminal, json }) {
      const config = readConfig();
      const { workloads: settings } = report();
      requireDatabaseUrl(config, "server");
      return await runService({
        config,
        terminal,
        startWithoutDatabase: true,
        async start(runtime) {
          const { host, port } = config;
          const { url } = await runtime.startServer({
            workloads: await openWorkloads(session.workloads, { files: runtime.files, settings }),
            host,
            port,
            version: packageVersion(),
          });
          if (json) terminal.json({ schema: "lockstep.server/1", url, pid: process.pid });
          else
            terminal.out(
              `The API is up at ${terminal.paint.bold(url)}  ${terminal.paint.dim("(stop with Ctrl+C; run jobs with: lockstep worker)")}`,
            );
          return "serve";
        },
      });
    },
  });
}
