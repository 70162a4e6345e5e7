import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findOrInstall } from "./install.js";

const DEBIAN_POSTGRES = "/usr/lib/postgresql";

/**
 * The folder with `initdb` and `postgres`: LOCKSTEP_TEST_POSTGRES (see
 * scripts/test-on-postgres.mjs), else Debian's newest version, else the folder that `pg_config`
 * names.
 */
export function postgresPrograms(): string {
  const chosen = process.env.LOCKSTEP_TEST_POSTGRES;
  if (chosen !== undefined) return chosen;
  return findOrInstall("postgresql", () => newestDebianPostgres() ?? postgresOnPath());
}

/**
 * The program in LOCKSTEP_TEST_REDIS, such as `/usr/bin/valkey-server`, else the installed Redis.
 */
export function redisProgram(): string {
  return (
    process.env.LOCKSTEP_TEST_REDIS ?? findOrInstall("redis-server", () => programOnPath("redis-server"))
  );
}

export interface MariadbPrograms {
  readonly server: string;
  /**
   * Creates the tables of a new data folder; null: the server does this itself, as MySQL's does.
   */
  readonly install: string | null;
}

/** The programs of MariaDB or, when LOCKSTEP_TEST_MYSQL names a `mysqld`, of MySQL. */
export function mariadbPrograms(): MariadbPrograms {
  const mysql = process.env.LOCKSTEP_TEST_MYSQL;
  if (mysql !== undefined) return { server: mysql, install: null };
  return findOrInstall("mariadb-server", () => {
    const server = programOnPath("mariadbd") ?? existing("/usr/sbin/mariadbd");
    const install = programOnPath("mariadb-install-db");
    return server && install ? { server, install } : null;
  });
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null;
}

export function pgbouncerProgram(): string {
  return findOrInstall("pgbouncer", () => programOnPath("pgbouncer") ?? existing("/usr/sbin/pgbouncer"));
}

function newestDebianPostgres(): string | null {
  if (!existsSync(DEBIAN_POSTGRES)) return null;
  const versions = readdirSync(DEBIAN_POSTGRES).sort((a, b) => Number(b) - Number(a));
  const folders = versions.map((version) => join(DEBIAN_POSTGRES, version, "bin"));
  return folders.find(hasServer) ?? null;
}

function postgresOnPath(): string | null {
  const pgConfig = programOnPath("pg_config");
  if (pgConfig === null) return null;
  const folder = execFileSync(pgConfig, ["--bindir"], { encoding: "utf8" }).trim();
  return hasServer(folder) ? folder : null;
}

function hasServer(folder: string): boolean {
  return existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"));
}

function programOnPath(name: string): string | null {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
