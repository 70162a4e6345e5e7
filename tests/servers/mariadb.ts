import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { type MariadbPrograms, mariadbPrograms } from "./programs.js";
import { type Account, makeServerFolder, serverAccount } from "./server-folder.js";
import { freePort, logTail, type ServerProcess, spawnServer } from "./server-process.js";
import { waitFor } from "./wait-for.js";

/** A MariaDB or MySQL server that belongs to its caller: see `mariadbPrograms`. */
export interface Mariadb {
  readonly isMysql: boolean;
  /** The URL of an account with all rights, without a database. */
  readonly url: string;
  readonly port: number;
  /** Creates an empty database with a unique name. */
  freshDatabase(): Promise<string>;
  /** Runs one statement after the other, with the account that has all rights. */
  run(url: string, ...statements: readonly string[]): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server permanently and removes its folder. */
  remove(): Promise<void>;
}

/**
 * Creates a server in its own folder and starts it on a free port of 127.0.0.1. Every login needs a
 * password.
 */
export async function startMariadb(): Promise<Mariadb> {
  const programs = mariadbPrograms();
  const account = serverAccount();
  const folder = makeServerFolder(account);
  const password = randomBytes(12).toString("hex");
  installTables(programs, folder, account);
  const port = await freePort();
  const url = `mysql://doctor:${password}@127.0.0.1:${port}`;
  const initFile = join(folder, "init.sql");
  writeFileSync(initFile, accountStatements(password), { mode: 0o644 });
  const run = () => spawnMariadb({ program: programs.server, folder, account, port, initFile });
  let server = run();
  await untilReady(url, folder, server);
  return {
    isMysql: programs.install === null,
    url,
    port,
    async freshDatabase() {
      const name = `test_${randomBytes(8).toString("hex")}`;
      await runStatements(url, [`create database ${name} character set utf8mb4`]);
      return `${url}/${name}`;
    },
    run: (at, ...statements) => runStatements(at, statements),
    kill: () => server.end("SIGKILL"),
    async start() {
      if (server.ended() === null) return;
      server = run();
      await untilReady(url, folder, server);
    },
    async remove() {
      await server.end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accountStatements(password: string): string {
  return [
    `create user if not exists 'doctor'@'127.0.0.1' identified by '${password}';`,
    "grant all on *.* to 'doctor'@'127.0.0.1' with grant option;",
  ].join("\n");
}

function installTables({ server, install }: MariadbPrograms, folder: string, account: Account | null): void {
  const args = ["--no-defaults", `--datadir=${join(folder, "data")}`];
  const [program, ...more] =
    install === null
      ? [server, "--initialize-insecure"]
      : [install, "--skip-test-db", "--auth-root-authentication-method=normal"];
  execFileSync(program, [...args, ...more], { cwd: folder, stdio: ["ignore", "ignore", "pipe"], ...account });
}

interface Launch {
  readonly program: string;
  readonly folder: string;
  readonly account: Account | null;
  readonly port: number;
  readonly initFile: string;
}

function spawnMariadb({ program, folder, account, port, initFile }: Launch): ServerProcess {
  const args = [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    `--socket=${join(folder, "socket")}`,
    `--pid-file=${join(folder, "mariadb.pid")}`,
    `--tmpdir=${folder}`,
    `--init-file=${initFile}`,
    "--skip-name-resolve",
    "--innodb-buffer-pool-size=32M",
    // Another time zone than this machine's, so that tests find code that assumes one.
    "--default-time-zone=+05:00",
  ];
  return spawnServer({ program, args, folder, account });
}

async function untilReady(url: string, folder: string, server: ServerProcess): Promise<void> {
  const ready = async () => {
    if (server.ended() !== null) throw new Error("it ended");
    await runStatements(url, ["select 1"]);
    return true;
  };
  try {
    await waitFor(ready, { everyMs: 100, what: "MariaDB to accept connections" });
  } catch (cause) {
    await server.end("SIGKILL");
    throw new Error(`MariaDB did not start:\n${logTail(folder)}`, { cause });
  }
}

async function runStatements(url: string, statements: readonly string[]): Promise<void> {
  const connection = await createConnection(url);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
