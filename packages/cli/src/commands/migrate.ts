import type { Command } from "commander";
import { type CliSession, defineCommand } from "../command.js";
import { createLogger } from "../log.js";
import { openRuntimeOf } from "../service.js";

export function migrateCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "migrate",
    summary: "Bring the database's schema up to date",
    description:
      "Bring the database's schema up to date. Every other command that opens the database does this too; run this command to do it at a time of your choice.",
    examples: ["DATABASE_URL=postgres://app@db/app lockstep migrate"],
    settings: ["databaseUrl", "schema", "dataDir"],
    async run({ config: readConfig, terminal, json }) {
      const config = readConfig();
      const runtime = await openRuntimeOf(config, createLogger(config.logLevel, terminal));
      const applied = runtime.migrated;
      await runtime.close();
      if (json) terminal.json({ schema: "lockstep.migrate/1", applied });
      else
        terminal.out(applied.length === 0 ? "The schema is up to date." : `Applied ${applied.join(", ")}.`);
    },
  });
}
