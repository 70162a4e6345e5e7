import type { Command } from "commander";
import { openWorkloads } from "lockstep/internal/workload";
import { type CliSession, defineCommand } from "../command.js";
import type { Config } from "../config.js";
import { type Example, exampleOf } from "../example.js";
import { packageVersion } from "../package.js";
import { startWhenDatabaseIsThere } from "../patient-start.js";
import { runService } from "../service.js";
import type { Terminal } from "../terminal.js";

export function upCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "up",
    summary: "Run the API and a worker in one process",
    description:
      "Run the API and a worker in one process. Without DATABASE_URL the database is embedded, in the data directory; nothing else has to be installed. SIGINT and SIGTERM let running jobs finish, for 25 seconds at most; during the start they end it within 15 seconds. A second signal stops at once.",
    examples: [
      "lockstep up",
      "lockstep up --port 8080 --concurrency 4",
      "DATABASE_URL=postgres://app@db/app lockstep up",
    ],
    settings: [
      "host",
      "port",
      "databaseUrl",
      "schema",
      "redisUrl",
      "resultPrefix",
      "dataDir",
      "concurrency",
      "queues",
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
      return await runService({
        config,
        terminal,
        startWithoutDatabase: true,
        async start(runtime, signal) {
          const workloads = await openWorkloads(session.workloads, { files: runtime.files, settings });
          const { host, port, concurrency, queues } = config;
          const server = await runtime.startServer({ workloads, host, port, version: packageVersion() });
          const announce = (workerId: string | null) => {
            if (json) terminal.json(upDocument(server.url, workerId, config));
            else
              terminal.out(
                banner(server.url, { config, terminal, example: exampleOf(session.workloads, settings) }),
              );
          };
          let announced = false;
          const worker = await startWhenDatabaseIsThere({
            start: () => runtime.startWorker({ workloads, concurrency, queues }),
            onWait(error) {
              announce(null);
              announced = true;
              terminal.note(`${error.message} The worker starts when it is.`);
            },
            signal,
          });
          if (worker !== null && !announced) announce(worker.id);
          return "serve";
        },
      });
    },
  });
}

/** `worker_id` is null while the worker waits for the database. */
function upDocument(url: string, workerId: string | null, { databaseUrl }: Config) {
  const database = databaseUrl === null ? "embedded" : "postgres";
  return { schema: "lockstep.up/1", url, worker_id: workerId, database, pid: process.pid };
}

interface Banner {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly example: Example | null;
}

function banner(url: string, { config, terminal: { paint }, example }: Banner): string {
  const environment = url === "http://127.0.0.1:5000" ? "" : `LOCKSTEP_URL=${url} `;
  const first = ({ kind, command, input }: Example) => {
    const body = JSON.stringify({ kind, input }).replaceAll("'", "'\\''");
    return [
      `  submit      ${paint.cyan(`${environment}lockstep ${command}`)}`,
      `  with curl   ${paint.cyan(`curl -s ${url}/api/jobs -H 'content-type: application/json' \\`)}`,
      `                ${paint.cyan(`-d '${body}'`)}`,
    ];
  };
  return [
    `Lockstep is up: open ${paint.bold(url)} in a browser`,
    paint.dim(
      `  database    ${config.databaseUrl === null ? `embedded, in ${config.dataDir}` : "PostgreSQL"}`,
    ),
    ...(config.redisUrl === null ? [] : [paint.dim(`  copies      Redis, ${config.resultPrefix}<job_id>`)]),
    paint.dim(`  reference   ${url}/docs`),
    ...(example === null ? [] : first(example)),
    paint.dim("  stop        Ctrl+C"),
  ].join("\n");
}
