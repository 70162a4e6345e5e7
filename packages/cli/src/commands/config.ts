import type { Command } from "commander";
import { type CliSession, defineCommand, warn } from "../command.js";
import { SETTING_NAMES } from "../config.js";
import { safeLine } from "../safe-text.js";
import { renderTable } from "../table.js";

export function configCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "config",
    summary: "Print each value of the configuration and where it comes from",
    description:
      "Print each value of the configuration and where it comes from: a flag, an environment variable or the default. Secrets are masked.",
    examples: ["lockstep config", "LOCKSTEP_PORT=8080 lockstep config --json"],
    settings: SETTING_NAMES,
    runsWorkloads: true,
    run({ report, terminal, json }) {
      const { settings, warnings } = report();
      if (json) return void terminal.json({ schema: "lockstep.config/1", settings, warnings });
      warn(warnings, terminal);
      const columns = [
        { title: "VARIABLE", cell: (row: (typeof settings)[number]) => row.variable },
        {
          title: "VALUE",
          cell: (row: (typeof settings)[number]) => safeLine(valueText(row.value)),
          shrinkTo: 20,
        },
        { title: "FROM", cell: (row: (typeof settings)[number]) => row.origin },
      ];
      terminal.out(renderTable(columns, settings, terminal.width));
    },
  });
}

function valueText(value: unknown): string {
  if (value === null) return "(unset)";
  if (Array.isArray(value)) return value.length === 0 ? "(all)" : value.join(", ");
  return String(value);
}
