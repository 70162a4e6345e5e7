import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DoctorService } from "@lockstep/doctor";
import { createDiskStore } from "lockstep/internal/artifacts";
import { defineJob } from "lockstep/internal/job";
import { createKeyStore, type KeyStore } from "lockstep/internal/keys";
import type { Maintenance } from "lockstep/internal/ledger";
import pino from "pino";
import { afterEach } from "vitest";
import { z } from "zod";
import { type Bench, type Engine, openBench } from "../../lockstep/test/ledger/engines.js";
import { createServer, type ServerOptions } from "../src/index.js";
import { createClient, type TestClient } from "./client.js";

const echo = defineJob({
  kind: "echo",
  description: "Returns its input text",
  queue: "voices",
  input: z.strictObject({ text: z.string().max(100), n: z.number().optional() }),
  retry: { maxAttempts: 5, baseDelay: 1 },
  timeout: "2m",
  run: (input) => input,
});
const noop = defineJob({ kind: "noop", input: z.looseObject({}), retry: { baseDelay: 1 }, run: () => null });
const anything = defineJob({ kind: "anything", input: z.unknown(), run: () => null });

export interface TestServer extends TestClient {
  readonly bench: Bench;
  readonly keys: KeyStore;
  readonly url: string;
  /** The entries it logged. */
  readonly log: () => readonly Record<string, unknown>[];
  /** A client of the same server with a key of this role. */
  as(role: Parameters<KeyStore["create"]>[0]["role"]): Promise<TestClient>;
  close(): Promise<void>;
}

const cleanups: (() => Promise<unknown>)[] = [];

// Registered after the ledger's own cleanup, so it runs before the ledger is closed.
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function startServer(
  engine: Engine | Bench = "postgres",
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const bench = typeof engine === "string" ? await openBench(engine) : engine;
  const folder = await mkdtemp(join(tmpdir(), "lockstep-test-"));
  const keys = createKeyStore(bench.database);
  const lines: string[] = [];
  const server = await createServer({
    ledger: bench.ledger,
    keys,
    files: createDiskStore({ dir: folder }),
    definitions: [echo, noop, anything],
    host: "127.0.0.1",
    port: 0,
    logger: pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }),
    version: "0.0.0-test",
    leaseSeconds: 30,
    doctor: new DoctorService({
      ledger: bench.ledger,
      copies: null,
      writes: bench.ledger.doctorWrites,
      stateDir: join(folder, "doctor"),
      onError: () => undefined,
    }),
    ...options,
  });
  cleanups.push(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    ...createClient(server.url),
    bench,
    keys,
    url: server.url,
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    async as(role) {
      const { token } = await keys.create({ name: `${role} key`, role });
      return createClient(server.url, { authorization: `Bearer ${token}` });
    },
    close: () => server.close(),
  };
}

/** The loops that promote delayed jobs and find lost ones, stopped after the test. */
export async function startMaintenance({ ledger }: Bench): Promise<Maintenance> {
  const maintenance = ledger.createMaintenance();
  await maintenance.start();
  cleanups.push(() => maintenance.stop());
  return maintenance;
}
