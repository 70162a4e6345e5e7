import type { Command } from "commander";
import { defineCommand, type Session } from "../command.js";
import type { Config } from "../config.js";
import { packageVersion } from "../package.js";
import { runService } from "../service.js";
import type { Terminal } from "../terminal.js";
import { shippedJobs } from "../workloads.js";

export function upCommand(session: Session): Command {
  return defineCommand(session, {
    name: "up",
    summary: "Run the API and a worker in one process",
    description:
      "Run the API and a worker in one process. Without DATABASE_URL the database is embedded, in the data directory; nothing else has to be installed. SIGINT and SIGTERM let running jobs finish; a second signal stops at once.",
    examples: [
      "lockstep up",
      "lockstep up --port 8080 --concurrency 4",
      "DATABASE_URL=postgres://app@db/app lockstep up",
    ],
    settings: [
      "host",
      "port",
      "databaseUrl",
      "redisUrl",
      "resultPrefix",
      "dataDir",
      "concurrency",
      "queues",
      "leaseSeconds",
      "logLevel",
      "scanRoots",
      "scanAllowPrivate",
      "uploadBytesMax",
      "retentionDays",
      "archiveDir",
      "artifacts",
      "archiveBucket",
      "fileRetentionDays",
    ],
    async run({ config: readConfig, terminal, json }) {
      const config = readConfig();
      return await runService({
        config,
        terminal,
        async start(parts) {
          const definitions = await shippedJobs(parts, config);
          const { host, port, concurrency, queues } = config;
          const server = await parts.startServer({ definitions, host, port, version: packageVersion() });
          const worker = await parts.startWorker({ definitions, concurrency, queues });
          const database = config.databaseUrl === null ? "embedded" : "postgres";
          if (json)
            terminal.json({
              schema: "lockstep.up/1",
              url: server.url,
              worker_id: worker.id,
              database,
              pid: process.pid,
            });
          else terminal.out(banner(server.url, config, terminal));
          return "serve";
        },
      });
    },
  });
}

function banner(url: string, config: Config, { paint }: Terminal): string {
  const [root = "."] = config.scanRoots;
  const path = root === process.cwd() ? "." : root;
  const environment = url === "http://127.0.0.1:5000" ? "" : `LOCKSTEP_URL=${url} `;
  const body = JSON.stringify({ kind: "scan", input: { path } }).replaceAll("'", "'\\''");
  return [
    `Lockstep is up: open ${paint.bold(url)} in a browser`,
    paint.dim(
      `  database    ${config.databaseUrl === null ? `embedded, in ${config.dataDir}` : "PostgreSQL"}`,
    ),
    ...(config.redisUrl === null ? [] : [paint.dim(`  copies      Redis, ${config.resultPrefix}<job_id>`)]),
    paint.dim(`  reference   ${url}/docs`),
    `  submit      ${paint.cyan(`${environment}lockstep scan ${path} --wait`)}`,
    `  with curl   ${paint.cyan(`curl -s ${url}/api/jobs -H 'content-type: application/json' \\`)}`,
    `                ${paint.cyan(`-d '${body}'`)}`,
    paint.dim("  stop        Ctrl+C"),
  ].join("\n");
}
