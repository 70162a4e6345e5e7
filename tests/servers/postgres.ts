import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { postgresPrograms } from "./programs.js";
import { type Account, makeServerFolder, serverAccount } from "./server-folder.js";
import { freePort, logTail, type ServerProcess, spawnServer } from "./server-process.js";
import { waitFor } from "./wait-for.js";

/**
 * A PostgreSQL server that belongs to its caller. Its port stays the same over stops and starts.
 */
export interface Postgres {
  /** The URL of a superuser, to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly logFile: string;
  /** The pid of the running postmaster. */
  pid(): number;
  /**
   * Shuts down in order (fast mode: sessions are ended, transactions rolled back, a checkpoint is
   * written).
   */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Crashes every process of the server at once and starts it again: it recovers from its log. */
  restartImmediate(): Promise<void>;
  /** Sends SIGKILL to the postmaster: nothing is flushed, and clients get no message. */
  kill(): Promise<void>;
  /** Stops the server permanently and removes its folder. */
  remove(): Promise<void>;
}

/**
 * The address and limits of the server: durable as in production, small enough to run beside the
 * tests.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  max_connections: "300",
  shared_buffers: "64MB",
  max_wal_size: "1GB",
  fsync: "on",
  synchronous_commit: "on",
  timezone: "UTC",
  log_min_duration_statement: "-1",
};

export interface PostgresOptions {
  /** Server settings on top of the defaults of the tests, such as `{ shared_buffers: "256MB" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Environment of the server's processes, on top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Fills the data folder of a server that is a copy of another one. The account must own it.
   * Default: a new cluster.
   */
  readonly copyInto?: (dataFolder: string, account: Account | null) => void;
}

/**
 * Creates a cluster in its own folder and starts it on a free port. The URL of a copy has not the
 * password of the original.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const programs = postgresPrograms();
  const account = serverAccount();
  const folder = makeServerFolder(account);
  const password = randomBytes(12).toString("hex");
  if (options.copyInto) options.copyInto(join(folder, "data"), account);
  else createCluster(programs, folder, account, password);
  const port = await freePort();
  const run = () =>
    spawnPostgres({
      programs,
      folder,
      account,
      port,
      settings: { ...SETTINGS, ...options.settings },
      environment: options.environment ?? {},
    });
  let server = await startRetrying(run, folder);
  const kill = () => server.end("SIGKILL");
  const start = async () => {
    if (server.ended() !== null) server = await startRetrying(run, folder);
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    logFile: join(folder, "log"),
    pid: () => server.pid,
    stop: () => server.end("SIGINT"),
    start,
    async restartImmediate() {
      await server.end("SIGQUIT");
      await start();
    },
    kill,
    async remove() {
      await server.end("SIGQUIT");
      await waitFor(() => removeFolder(folder), { what: `the folder ${folder} to be removed` });
    },
  };
}

/** Backends of a killed postmaster take a moment to notice and may still write. */
function removeFolder(folder: string): true {
  rmSync(folder, { recursive: true, force: true });
  return true;
}

function createCluster(programs: string, folder: string, account: Account | null, password: string): void {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const args = ["-D", join(folder, "data"), "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"];
  args.push("--auth=scram-sha-256", `--pwfile=${passwordFile}`);
  execFileSync(join(programs, "initdb"), args, {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    ...account,
  });
  rmSync(passwordFile);
}

interface Launch {
  readonly programs: string;
  readonly folder: string;
  readonly account: Account | null;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

function spawnPostgres({ programs, folder, account, port, settings, environment }: Launch): ServerProcess {
  const all = { ...settings, port: String(port), unix_socket_directories: folder };
  const args = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawnServer({
    program: join(programs, "postgres"),
    args: ["-D", join(folder, "data"), ...args],
    folder,
    account,
    environment,
  });
}

/**
 * Starts PostgreSQL, and tries again until it stays up: a postmaster refuses to start while a
 * backend of a killed one still holds the shared memory.
 */
async function startRetrying(run: () => ServerProcess, folder: string): Promise<ServerProcess> {
  let server = run();
  const ready = () => {
    if (server.ended() !== null) server = run();
    return isReady(folder, server.pid);
  };
  try {
    await waitFor(ready, { everyMs: 50, what: "PostgreSQL to accept connections" });
    return server;
  } catch (cause) {
    await server.end("SIGKILL");
    throw new Error(`PostgreSQL did not start:\n${logTail(folder)}`, { cause });
  }
}

/**
 * The postmaster writes its status to line 8 of its pid file (`pg_ctl` reads the same line):
 * `standby` when it accepts reads in recovery.
 */
function isReady(folder: string, pid: number): boolean {
  const lines = readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n");
  return Number(lines[0]) === pid && ["ready", "standby"].includes(lines[7]?.trim() ?? "");
}
