import { type Command, Option } from "commander";
import type { RecordedKind } from "lockstep/internal/job";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../command.js";
import { durationText } from "../duration-text.js";
import { safeLine } from "../safe-text.js";
import { type Column, renderTable } from "../table.js";

type Kind = RecordedKind & { readonly workers_live: number | null };

interface KindPage {
  readonly kinds: readonly Kind[];
  readonly next: string | null;
}

interface KindsFlags {
  readonly cursor?: string;
}

export function kindsCommand(session: CliSession): Command {
  return defineCommand<KindsFlags>(session, {
    name: "kinds",
    summary: "List the kinds of jobs, and what a submit takes from them",
    description:
      "Every kind that a worker or client has recorded. A submit takes from it what it leaves out, and its input is checked against the kind's schema, which --json shows.",
    examples: ["lockstep kinds", "lockstep kinds --json | jq '.kinds[] | {kind, input_schema}'"],
    settings: CLIENT_SETTINGS,
    options: [new Option("--cursor <kind>", "begin after this kind")],
    async run({ options, terminal, json, client }) {
      const { cursor } = options;
      const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const { kinds, next } = await client().get<KindPage>(`/api/kinds${query}`);
      if (json) return void terminal.json({ schema: "lockstep.kinds/1", kinds, next });
      if (kinds.length === 0)
        return void terminal.note(
          "No kinds. A worker or client records those that it defines when it starts.",
        );
      terminal.out(renderTable(COLUMNS, kinds, terminal.width));
      if (next !== null) terminal.note(`There are more: lockstep kinds --cursor ${next}`);
    },
  });
}

const COLUMNS: readonly Column<Kind>[] = [
  { title: "KIND", cell: ({ kind }) => kind },
  { title: "QUEUE", cell: ({ queue }) => queue, shrinkTo: 8 },
  { title: "ATTEMPTS", cell: ({ max_attempts }) => String(max_attempts), align: "right" },
  {
    title: "TIMEOUT",
    cell: ({ timeout_ms }) => (timeout_ms === null ? "none" : durationText(timeout_ms / 1_000)),
  },
  { title: "INPUT", cell: ({ input_schema }) => (input_schema === null ? "any" : "checked") },
  { title: "WORKERS", cell: ({ workers_live }) => String(workers_live ?? "unknown"), align: "right" },
  { title: "DESCRIPTION", cell: ({ description }) => safeLine(description ?? ""), shrinkTo: 12 },
];
