import { createServer, type Server } from "node:http";
import type { CheckSummary, Pattern } from "@lockstep/doctor";
import { pause } from "lockstep/internal/timing";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { stopOnSignal } from "../signals.js";
import type { Terminal } from "../terminal.js";
import { UsageError } from "../usage-error.js";
import { count } from "./check-text.js";
import { metricsText } from "./metrics-text.js";

export interface WatchOptions {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly pauseSeconds: number;
  /** `host:port` on loopback; null: no metrics. */
  readonly metricsAddress: string | null;
  /** All patterns. */
  readonly patterns: readonly Pattern[];
  readonly checkOnce: (signal: AbortSignal) => Promise<CheckSummary>;
}

/** Checks repeatedly until SIGINT or SIGTERM, and prints a line for each check. */
export async function watchForEver(options: WatchOptions): Promise<ExitCode> {
  const { terminal, json, pauseSeconds, metricsAddress, patterns, checkOnce } = options;
  let latest: CheckSummary | null = null;
  const stop = stopOnSignal();
  const server =
    metricsAddress === null ? null : await serveMetrics(metricsAddress, () => metricsText(latest, patterns));
  try {
    while (!stop.signal.aborted) {
      const summary = await checkOnce(stop.signal).catch((error: unknown) => {
        if (stop.signal.aborted) return null;
        throw error;
      });
      if (summary === null) break;
      latest = summary;
      if (json) terminal.jsonLine({ schema: "lockstep.doctor.check/1", ...summary });
      else terminal.out(`${summary.started_at}  ${lineOf(summary)}`);
      await pause(pauseSeconds * 1_000, stop.signal);
    }
    return EXIT.done;
  } finally {
    stop.ignore();
    server?.close();
    server?.closeAllConnections();
  }
}

function lineOf({ verdict, drifting, compared, patterns, interrupted }: CheckSummary): string {
  const named = patterns.map(({ pattern, jobs }) => `${pattern} ${jobs}`).join(", ");
  return `${verdict}  ${count(compared, "job")} compared, ${drifting} in drift${named === "" ? "" : `: ${named}`}${interrupted === null ? "" : `; ${interrupted}`}`;
}

async function serveMetrics(address: string, text: () => string): Promise<Server> {
  const [, host = "", port = ""] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(address) ?? [];
  if (port === "") throw new UsageError("--metrics takes a loopback address, such as 127.0.0.1:9464");
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port), host.replace(/[[\]]/g, ""), resolve);
  });
  return server;
}
