import { relative, resolve } from "node:path";
import type { Service } from "@lockstep/server/internal/service";
import { type ApiClient, createApiClient } from "../client/api-client.js";
import type { Config } from "../config.js";
import { durationText } from "../duration-text.js";
import { codeTree, packageVersion } from "../package.js";
import { listenErrorCode } from "../report-error.js";
import type { Terminal } from "../terminal.js";
import { shippedJobs } from "../workloads.js";
import { type Demonstrated, demonstrate, type Target } from "./demonstrate.js";

export interface DemoOptions {
  readonly parts: Service;
  readonly config: Config;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly signal: AbortSignal;
  /** Whether the API stays up afterwards. */
  readonly staysUp: boolean;
}

/** Starts the API and a worker, shows two real jobs from submit to result. @returns whether every answer agreed */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { terminal, json, signal } = options;
  const say = (text: string) => (json ? terminal.note(text) : terminal.out(text));
  const targets = await demoTargets();
  const { url, portTaken } = await startAll(options, targets);
  const { bold, dim, green } = json ? terminal.paintNote : terminal.paint;
  say(bold("Lockstep demo: everything runs in this process, nothing else is needed"));
  say(
    `${green("●")} PostgreSQL, embedded, in a temporary folder ${dim(`(ready after ${durationText(process.uptime())})`)}`,
  );
  say(
    `${green("●")} API at ${bold(url)}${portTaken ? ` ${dim(`(port ${options.config.port} is taken by another program)`)}` : ""}`,
  );
  say(`${green("●")} worker, two jobs at once`);
  const client = createApiClient(url, null);
  const jobs: Demonstrated[] = [];
  for (const { job, target } of await submitAll(client, targets)) {
    say("");
    jobs.push(await demonstrate(job, target, { ...options, client, say, signal }));
  }
  const agreed = jobs.every(({ agree }) => agree);
  if (json) terminal.json({ schema: "lockstep.demo/1", url, agreed, jobs });
  if (options.staysUp) sayGoodbye(url, jobs, options, say);
  return agreed;
}

/** Port 5000 is popular; the demo must work anyway. */
async function startAll(
  { parts, config }: DemoOptions,
  targets: readonly Target[],
): Promise<{ url: string; portTaken: boolean }> {
  const definitions = await shippedJobs(parts, {
    scanRoots: targets.map(({ path }) => path),
    scanAllowPrivate: false,
  });
  const start = (port: number) =>
    parts.startServer({ definitions, host: config.host, port, version: packageVersion() });
  let portTaken = false;
  const server = await start(config.port).catch(async (error: unknown) => {
    if (listenErrorCode(error) === null) throw error;
    portTaken = true;
    return await start(0);
  });
  await parts.startWorker({ definitions, concurrency: 2, queues: [] });
  return { url: server.url, portTaken };
}

async function demoTargets(): Promise<readonly Target[]> {
  const { sampleDir } = await import("@lockstep/scan");
  const root = resolve(codeTree());
  const sample = sampleDir();
  return [
    { title: "Lockstep's own source code", path: root, exclude: [`/${relative(root, sample)}/`] },
    { title: "the deliberately flawed sample", path: sample, exclude: [] },
  ];
}

async function submitAll(client: ApiClient, all: readonly Target[]) {
  return await Promise.all(
    all.map(async (target) => {
      const { path, exclude } = target;
      const job = await client.post<{ id: string }>("/api/jobs", {
        body: { kind: "scan", input: { path, exclude } },
      });
      return { target, job };
    }),
  );
}

function sayGoodbye(
  url: string,
  jobs: readonly Demonstrated[],
  { config, terminal }: DemoOptions,
  say: (text: string) => void,
): void {
  const { bold, cyan } = terminal.paint;
  const environment = url === config.url ? "" : `LOCKSTEP_URL=${url} `;
  const [first] = jobs;
  say(`\nOpen ${bold(url)} in a browser: the page and the API stay up until Ctrl+C. In another terminal:`);
  say(`  ${cyan(`${environment}npx lockstep jobs list`)}`);
  if (first) say(`  ${cyan(`${environment}npx lockstep jobs get ${first.id}`)}`);
  if (first) say(`  ${cyan(`curl -s ${url}/api/status/${first.id}`)}`);
}
