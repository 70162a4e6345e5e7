import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Database, MigrationStep } from "lockstep/internal/database";
import { type CliSession, defineCommand, type Invocation } from "../command.js";
import type { Config } from "../config.js";
import { createLogger } from "../log.js";
import { openRuntimeOf } from "../service.js";

interface MigrateFlags {
  readonly sql?: boolean;
  readonly dryRun?: boolean;
}

export function migrateCommand(session: CliSession): Command {
  return defineCommand<MigrateFlags>(session, {
    name: "migrate",
    summary: "Bring the database's schema up to date",
    description:
      "Bring the database's schema up to date. Every other command that opens the database does this too; run this command to do it at a time of your choice. --dry-run and --sql only read.",
    examples: [
      "DATABASE_URL=postgres://app@db/app lockstep migrate",
      "lockstep migrate --dry-run",
      "lockstep migrate --sql | psql -v ON_ERROR_STOP=1 app",
    ],
    settings: ["databaseUrl", "schema", "dataDir"],
    options: [
      new Option("--sql", "only print the SQL that would run, for psql"),
      new Option("--dry-run", "only say what would be done").conflicts("sql"),
    ],
    async run(invocation) {
      const { options } = invocation;
      if (options.sql === true) await printSql(invocation);
      else if (options.dryRun === true) await printSteps(invocation);
      else await migrate(invocation);
      return undefined;
    },
  });
}

async function migrate({ config: readConfig, terminal, json }: Invocation): Promise<void> {
  const config = readConfig();
  const runtime = await openRuntimeOf(config, createLogger(config.logLevel, terminal));
  const applied = runtime.migrated;
  await runtime.close();
  if (json) terminal.json({ schema: "lockstep.migrate/1", applied });
  else terminal.out(applied.length === 0 ? "The schema is up to date." : `Applied ${applied.join(", ")}.`);
}

async function printSql({ config, terminal, json }: Invocation): Promise<void> {
  const { migrationSql } = await import("lockstep/internal/ledger");
  const sql = await reading(config(), migrationSql);
  if (json) terminal.json({ schema: "lockstep.migrate/1", sql });
  else if (sql !== "") terminal.out(sql.trimEnd());
  else terminal.note("The schema is up to date.");
}

async function printSteps({ config: readConfig, terminal, json }: Invocation): Promise<void> {
  const { migrationSteps } = await import("lockstep/internal/ledger");
  const config = readConfig();
  const steps = await reading(config, migrationSteps);
  const would_apply = steps.flatMap(({ files }) => files);
  if (json) return terminal.json({ schema: "lockstep.migrate/1", would_apply });
  if (would_apply.length === 0) return terminal.out("The schema is up to date.");
  terminal.out(`In the schema ${config.schema} these files would be applied:`);
  for (const step of steps) for (const line of stepLines(step)) terminal.out(line);
}

function stepLines({ files, transaction }: MigrationStep): string[] {
  if (transaction) return files.map((file) => `  ${file}`);
  return files.map((file) => `  ${file}  outside a transaction, while the table is in use`);
}

/** Reads the database as it is. Without one, it is read as a new one, and no folder is made. */
async function reading<T>(config: Config, read: (database: Database) => Promise<T>): Promise<T> {
  const { openDatabase } = await import("lockstep/internal/database");
  const { databaseUrl: url, dataDir: folder, schema } = config;
  const dataDir = existsSync(join(folder, "database")) ? folder : "memory";
  const database = await openDatabase({ ...(url === null ? { dataDir } : { url }), schema });
  try {
    return await read(database);
  } finally {
    await database.close();
  }
}
