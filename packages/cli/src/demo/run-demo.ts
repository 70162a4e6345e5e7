import type { Service } from "@lockstep/server/internal/service";
import { type DemoJob, openWorkloads, type Workload, type WorkloadDemo } from "lockstep/internal/workload";
import { type ApiClient, createApiClient } from "../client/api-client.js";
import type { Config } from "../config.js";
import { durationText } from "../duration-text.js";
import { codeTree, packageVersion } from "../package.js";
import { listenErrorCode } from "../report-error.js";
import type { Terminal } from "../terminal.js";
import { type DemoResult, demonstrate } from "./demonstrate.js";

/** The examples of the demo, and their kind. */
export interface Shown {
  readonly kind: string;
  readonly demo: WorkloadDemo;
}

export interface DemoOptions {
  readonly shown: Shown;
  readonly workloads: readonly Workload[];
  /** The values of the workloads' settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly runtime: Service;
  readonly config: Config;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly signal: AbortSignal;
  /** Whether the API stays up after the demo. */
  readonly staysUp: boolean;
}

/**
 * Starts the API and a worker, and shows two real jobs from submit to result.
 * @returns whether every view agreed
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { terminal, json, signal } = options;
  const say = (text: string) => (json ? terminal.note(text) : terminal.out(text));
  const { kind, demo } = options.shown;
  const plan = demo.plan(codeTree());
  const { url, portTaken } = await startAll(options, plan.settings);
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
  const jobs: DemoResult[] = [];
  for (const { id, shown } of await submitAll(client, kind, plan.jobs)) {
    say("");
    jobs.push(await demonstrate({ id }, shown, { ...options, demo, client, say, signal }));
  }
  const agreed = jobs.every(({ agree }) => agree);
  if (json) terminal.json({ schema: "lockstep.demo/1", url, agreed, jobs });
  if (options.staysUp) sayGoodbye(url, jobs, options, say);
  return agreed;
}

/** Port 5000 is often taken; the demo must work anyway. */
async function startAll(
  { runtime, config, workloads: all, settings }: DemoOptions,
  own: Readonly<Record<string, unknown>>,
): Promise<{ url: string; portTaken: boolean }> {
  const workloads = await openWorkloads(all, { files: runtime.files, settings: { ...settings, ...own } });
  const start = (port: number) =>
    runtime.startServer({ workloads, host: config.host, port, version: packageVersion() });
  let portTaken = false;
  const server = await start(config.port).catch(async (error: unknown) => {
    if (listenErrorCode(error) === null) throw error;
    portTaken = true;
    return await start(0);
  });
  await runtime.startWorker({ workloads, concurrency: 2, queues: [] });
  return { url: server.url, portTaken };
}

async function submitAll(client: ApiClient, kind: string, jobs: readonly DemoJob[]) {
  return await Promise.all(
    jobs.map(async (shown) => {
      const body = { kind, input: shown.input };
      const { id } = await client.post<{ id: string }>("/api/jobs", { body });
      return { id, shown };
    }),
  );
}

function sayGoodbye(
  url: string,
  jobs: readonly DemoResult[],
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
