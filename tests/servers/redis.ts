import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { redisProgram } from "./programs.js";
import { makeServerFolder } from "./server-folder.js";
import { freePort, logTail, spawnServer } from "./server-process.js";
import { waitFor } from "./wait-for.js";

/** A Redis server that belongs to its caller. It loses its data when it stops. */
export interface Redis {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** From now on the server answers nothing, and its connections stay open. */
  stall(): void;
  /** Ends a stall. */
  proceed(): void;
  /** Stops the server permanently and removes its folder. */
  remove(): Promise<void>;
}

export interface RedisOptions {
  /** Accept TLS only, with this key and certificate (PEM files). */
  readonly tls?: { readonly keyFile: string; readonly certificateFile: string };
  /** Another server program with the same protocol. Default: `redis-server`. */
  readonly program?: string;
}

/** Starts a Redis server in memory only, on a free port, with a password. */
export async function startRedis(options: RedisOptions = {}): Promise<Redis> {
  const program = options.program ?? redisProgram();
  const folder = makeServerFolder(null);
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const configFile = join(folder, "redis.conf");
  writeFileSync(configFile, configText({ port, password, folder, ...options }), { mode: 0o600 });
  const run = () => spawnServer({ program, args: [configFile], folder, account: null });
  let server = run();
  await untilListening(port, folder);
  return {
    url: `${options.tls ? "rediss" : "redis"}://:${password}@127.0.0.1:${port}`,
    port,
    stop: () => server.end("SIGTERM"),
    async start() {
      if (server.ended() === null) return;
      server = run();
      await untilListening(port, folder);
    },
    kill: () => server.end("SIGKILL"),
    stall: () => void process.kill(server.pid, "SIGSTOP"),
    proceed: () => void process.kill(server.pid, "SIGCONT"),
    async remove() {
      await server.end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configText({ port, password, folder, tls }: ConfigText): string {
  const encrypted = tls && [
    "port 0",
    `tls-port ${port}`,
    `tls-key-file ${tls.keyFile}`,
    `tls-cert-file ${tls.certificateFile}`,
    "tls-auth-clients no",
  ];
  return [
    `bind 127.0.0.1`,
    ...(encrypted ?? [`port ${port}`]),
    `requirepass ${password}`,
    `save ""`,
    `appendonly no`,
    `dir ${folder}`,
  ].join("\n");
}

interface ConfigText extends RedisOptions {
  readonly port: number;
  readonly password: string;
  readonly folder: string;
}

async function untilListening(port: number, folder: string): Promise<void> {
  try {
    await waitFor(() => accepts(port), { what: "Redis to accept connections" });
  } catch (cause) {
    throw new Error(`Redis did not start:\n${logTail(folder)}`, { cause });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
