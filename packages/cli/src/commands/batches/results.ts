import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { CLIENT_SETTINGS, type CliSession, defineCommand, wholeNumber } from "../../command.js";
import { printResults } from "../../print-results.js";
import { download } from "../../transfer.js";
import { UsageError } from "../../usage-error.js";
import { batchPath } from "./path.js";

interface ResultsFlags {
  /** csv, json or a format of the workload. */
  readonly format?: string;
  readonly output?: string;
  readonly limit?: number;
}

const SHOWN_MAX = 20;

/** The additional formats of each kind, and what each holds. */
function ownFormats({ workloads }: CliSession): readonly (readonly [format: string, holds: string])[] {
  return workloads.flatMap(({ kind, batch }) =>
    Object.entries(batch.ranking?.files ?? {}).map(
      ([format, { holds }]) => [format, `${format} (${kind}: ${holds})`] as const,
    ),
  );
}

export function resultsCommand(session: CliSession): Command {
  const own = ownFormats(session);
  const [example = "csv"] = own.map(([format]) => format);
  return defineCommand<ResultsFlags>(session, {
    name: "results <id>",
    summary: "Print the results of a batch, best first",
    description:
      "Print the results of a batch, best first, also while it runs. Without a format, the best results as a table.",
    examples: [
      "lockstep batches results 0199aa00-0000-7000-8000-000000000000",
      `lockstep batches results 0199aa00-0000-7000-8000-000000000000 --format ${example} -o best.${example}`,
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option(
        "--format <format>",
        `${["csv", ...own.map(([, text]) => text)].join(", ")} or json`,
      ).choices(["csv", ...own.map(([format]) => format), "json"]),
      new Option("-o, --output <file>", "write the results to a file"),
      new Option("--limit <n>", "how many (default: 20 in a table, otherwise all)").argParser(
        wholeNumber(1, 100_000),
      ),
    ],
    async run({ args, options, terminal, json, client }) {
      const { format, output, limit } = options;
      const api = client();
      if (output !== undefined && format === undefined)
        throw new UsageError(
          `name the format: --format ${["csv", ...own.map(([one]) => one)].join(", ")} or json`,
        );
      if (format === undefined || (format === "json" && output === undefined)) {
        const asJson = json || format === "json";
        const shown = limit ?? (asJson ? null : SHOWN_MAX);
        return void (await printResults(api, encodeURIComponent(args[0] ?? ""), {
          terminal,
          json: asJson,
          limit: shown,
        }));
      }
      const query = limit === undefined ? "" : `&limit=${limit}`;
      const path = `${batchPath(args[0])}/results?format=${format}${query}`;
      if (output !== undefined) {
        await download(api, path, resolve(output));
        return void terminal.note(`written to ${output}`);
      }
      const { body } = await api.open(path);
      terminal.write(body === null ? "" : await text(body));
    },
  });
}
