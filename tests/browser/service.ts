import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { docking } from "@lockstep/docking";
import { scan } from "@lockstep/scan";
import type { RunningServer } from "@lockstep/server";
import { type Service as OpenedService, openService } from "@lockstep/server/internal/service";
import { defineJob } from "lockstep/internal/job";
import { openWorkloads } from "lockstep/internal/workload";
import pino from "pino";
import { afterAll } from "vitest";
import { z } from "zod";
import { freshDatabase } from "../servers/database.js";

/** A job that does what its input says, for tests of the page. */
const act = defineJob({
  kind: "act",
  description: "Does what its input says",
  input: z.looseObject({
    steps: z.number().int().min(0).max(1_000).default(0).describe("How often it reports progress"),
    pause_ms: z.number().int().min(0).max(60_000).default(0).describe("Between two steps"),
    linger_ms: z.number().int().min(0).max(60_000).default(0).describe("How long it takes to stop"),
    fail: z.string().optional().describe("Fails with this message"),
    text: z.string().optional(),
  }),
  retry: { maxAttempts: 1 },
  async run({ steps, pause_ms, linger_ms, fail, text }, ctx) {
    for (let step = 1; step <= steps; step += 1) {
      await ctx.progress(step / (steps + 1), text ?? `step ${step}`);
      ctx.log(text ?? `step ${step}`);
      await pause(pause_ms, ctx.signal).catch(async (error: unknown) => {
        await setTimeout(linger_ms);
        throw error;
      });
    }
    if (fail !== undefined) throw new Error(fail);
    return { said: text ?? null };
  },
});

/** Waits, but stops waiting when the job is cancelled. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(milliseconds, undefined, { signal });
}

export interface Service {
  readonly url: string;
  readonly runtime: OpenedService;
  post<Answer = { id: string }>(path: string, body: unknown): Promise<Answer>;
  get<Answer>(path: string): Promise<Answer>;
  submit(input: Record<string, unknown>, more?: Record<string, unknown>): Promise<string>;
  /** Closes the listening server and starts it again on the same port. */
  restart(): Promise<void>;
  stopServer(): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Slots of the worker; 0: there is no worker. */
  readonly concurrency?: number;
}

const services: Service[] = [];
afterAll(async () => {
  for (const service of services.splice(0)) await service.close();
});

/** The whole program in this process: API, page and worker on a separate database. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const fresh = options.databaseUrl ? null : await freshDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "lockstep-page-"));
  const runtime = await openService({
    databaseUrl: options.databaseUrl ?? fresh?.url ?? "",
    redisUrl: options.redisUrl ?? null,
    dataDir,
    leaseSeconds: 30,
    logger: pino({ level: "silent" }),
  });
  const settings = { scanRoots: [resolve(".")], scanAllowPrivate: false };
  const workloads = await openWorkloads([scan, docking], { files: runtime.files, settings });
  const definitions = [act];
  const start = (port: number) =>
    runtime.startServer({ definitions, workloads, host: "127.0.0.1", port, version: "0.0.0-test" });
  let server: RunningServer = await start(0);
  const { url } = server;
  const { concurrency = 10 } = options;
  if (concurrency > 0) await runtime.startWorker({ definitions, workloads, concurrency, queues: [] });
  const service: Service = {
    url,
    runtime,
    post: (path, body) => call(url + path, { method: "POST", body: JSON.stringify(body) }),
    get: (path) => call(url + path, {}),
    submit: async (input, more = {}) => {
      const { id } = await service.post("/api/jobs", { kind: "act", input, ...more });
      return id;
    },
    stopServer: () => server.close(),
    async restart() {
      await server.close();
      server = await start(Number(new URL(url).port));
    },
    async close() {
      await runtime.close();
      await fresh?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  services.push(service);
  return service;
}

async function call<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(url, { ...init, headers: { "content-type": "application/json" } });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
  return body as Answer;
}
