import { type Command, InvalidArgumentError, Option } from "commander";
import type { JobPage } from "lockstep/internal/job";
import { isStatus, STATUSES } from "lockstep/internal/job";
import { CLIENT_SETTINGS, type CliSession, defineCommand, wholeNumber } from "../../command.js";
import { jobColumns } from "../../job-text.js";
import { safeLine } from "../../safe-text.js";
import { renderTable } from "../../table.js";

interface ListFlags {
  readonly status?: readonly string[];
  readonly kind?: string;
  readonly queue?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly createdAfter?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function listCommand(session: CliSession): Command {
  return defineCommand<ListFlags>(session, {
    name: "list",
    summary: "List jobs, newest first",
    examples: [
      "lockstep jobs list --status failed,cancelled",
      "lockstep jobs list --kind resize --limit 5 --json | jq -r '.jobs[].id'",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--status <status,...>", `only these statuses: ${STATUSES.join(", ")}`).argParser(statuses),
      new Option("--kind <kind>", "only this kind"),
      new Option("--queue <name>", "only this queue"),
      new Option("--tag <tag>", "only jobs with this tag"),
      new Option("--search <text>", "an id, or part of the kind, queue or unique key"),
      new Option("--created-after <time>", "only jobs created after, such as 2030-01-31T08:00:00Z"),
      new Option("--limit <n>", "how many, 1 to 1000").argParser(wholeNumber(1, 1_000)).default(20),
      new Option("--cursor <cursor>", "the next page: the value of next on the previous page"),
    ],
    async run({ options, terminal, json, client }) {
      const { status, kind, queue, tag, search: q, createdAfter: created_after, limit, cursor } = options;
      const page = await client().get<JobPage>("/api/jobs", {
        query: { status: status?.join(","), kind, queue, tag, q, created_after, limit, cursor },
      });
      if (json) return void terminal.json({ schema: "lockstep.jobs/1", ...page });
      if (page.jobs.length === 0) return void terminal.note("No jobs match.");
      terminal.out(renderTable(jobColumns(terminal.paint, page.as_of), page.jobs, terminal.width));
      if (page.next !== null)
        terminal.note(terminal.paintNote.dim(`more with: --cursor ${safeLine(page.next)}`));
    },
  });
}

function statuses(text: string): readonly string[] {
  const words = text.split(",");
  const wrong = words.find((word) => !isStatus(word));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`${JSON.stringify(wrong)} is not a status: use ${STATUSES.join(", ")}.`);
  return words;
}
