import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { CLIENT_SETTINGS, defineCommand, type Session, wholeNumber } from "../../command.js";
import { printResults } from "../../dock-library.js";
import { download } from "../../transfer.js";
import { UsageError } from "../../usage-error.js";
import { batchPath } from "./path.js";

interface ResultsFlags {
  readonly format?: "csv" | "sdf" | "json";
  readonly output?: string;
  readonly limit?: number;
}

const SHOWN_MAX = 20;

export function resultsCommand(session: Session): Command {
  return defineCommand<ResultsFlags>(session, {
    name: "results <id>",
    summary: "What the jobs of a batch found, best first",
    description:
      "What the jobs of a batch found, best first, also while it runs. Without a format the first as a table.",
    examples: [
      "lockstep batches results 0199aa00-0000-7000-8000-000000000000",
      "lockstep batches results 0199aa00-0000-7000-8000-000000000000 --format sdf -o poses.sdf",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--format <format>", "csv, sdf (docking: each compound's best pose) or json").choices([
        "csv",
        "sdf",
        "json",
      ]),
      new Option("-o, --output <file>", "write them to a file"),
      new Option("--limit <n>", "only so many (default: 20 in a table, else all)").argParser(
        wholeNumber(1, 100_000),
      ),
    ],
    async run({ args, options, terminal, json, client }) {
      const { format, output, limit } = options;
      const api = client();
      if (output !== undefined && format === undefined)
        throw new UsageError("say in which format: --format csv, sdf or json");
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
