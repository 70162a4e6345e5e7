import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pgbouncerProgram } from "./programs.js";
import { makeServerFolder, serverAccount } from "./server-folder.js";
import { freePort, logTail, spawnServer } from "./server-process.js";
import { waitFor } from "./wait-for.js";

/** A pgbouncer in transaction mode that belongs to its caller. */
export interface Pgbouncer {
  /** The URL of the database, with `pgbouncer=true`. */
  readonly url: string;
  remove(): Promise<void>;
}

/**
 * Starts a pgbouncer in front of a database, with so few server sessions that clients have to share
 * them.
 * @param databaseUrl of a server that asks for a password by scram-sha-256
 */
export async function startPgbouncer(databaseUrl: string): Promise<Pgbouncer> {
  const program = pgbouncerProgram();
  const account = serverAccount();
  const folder = makeServerFolder(account);
  const port = await freePort();
  const target = new URL(databaseUrl);
  const configFile = join(folder, "pgbouncer.ini");
  // The account that the server runs as reads both files and owns the folder.
  writeFileSync(join(folder, "users.txt"), `"${target.username}" "${target.password}"\n`, { mode: 0o644 });
  writeFileSync(configFile, configText(target, port, folder), { mode: 0o644 });
  const server = spawnServer({ program, args: [configFile], folder, account });
  await waitFor(() => accepts(port), { what: "pgbouncer to accept connections" }).catch((cause: unknown) => {
    throw new Error(`pgbouncer did not start:\n${logTail(folder)}`, { cause });
  });
  const url = new URL(databaseUrl);
  url.port = String(port);
  url.searchParams.set("pgbouncer", "true");
  return {
    url: url.href,
    async remove() {
      await server.end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configText(target: URL, port: number, folder: string): string {
  return [
    "[databases]",
    `* = host=${target.hostname} port=${target.port}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = scram-sha-256",
    `auth_file = ${join(folder, "users.txt")}`,
    "pool_mode = transaction",
    "default_pool_size = 4",
    "max_client_conn = 200",
  ].join("\n");
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
