import { type Command, InvalidArgumentError, Option } from "commander";
import { durationMs, LIMIT_COUNT_MAX, RATE_MS_MAX } from "lockstep/internal/job";
import type { LimitRate, QueueLimits } from "lockstep/internal/ledger";
import { CLIENT_SETTINGS, type CliSession, defineCommand, wholeNumber } from "../command.js";
import { safeLine } from "../safe-text.js";
import { renderTable } from "../table.js";
import { UsageError } from "../usage-error.js";

interface LimitFlags {
  readonly concurrency?: number | null;
  readonly rate?: LimitRate | null;
  readonly key?: string;
  readonly eachKey?: boolean;
}

type Row = QueueLimits["keys"][number];

export function limitCommand(session: CliSession): Command {
  return defineCommand<LimitFlags>(session, {
    name: "limit <queue>",
    summary: "Show or set how many jobs of a queue run at once, and start in a period",
    description:
      "Show the limits of a queue; with --concurrency or --rate, set them. A limit that is not given stays as it is, and `none` removes it. A limit holds across all processes, and running jobs continue.",
    examples: [
      "lockstep queues limit mail --concurrency 5",
      "lockstep queues limit mail --rate 100/m --each-key",
      "lockstep queues limit mail --key acme --concurrency 20 --rate none",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--concurrency <n>", "how many run at once, or none").argParser(concurrency),
      new Option("--rate <rate>", "how many start in any period: 10/s, 100/m, 5/30s, or none").argParser(
        rate,
      ),
      new Option("--key <key>", "only jobs with this limit key"),
      new Option("--each-key", "each limit key that has no limit of its own"),
    ],
    async run({ args, options, terminal, json, client }) {
      const queue = args[0] ?? "";
      if (options.key !== undefined && options.eachKey === true)
        throw new UsageError("Give --key or --each-key, not both.");
      const address = `/api/queues/${encodeURIComponent(queue)}/limits`;
      let limits = await client().get<QueueLimits>(address);
      if (options.concurrency !== undefined || options.rate !== undefined)
        limits = await client().put<QueueLimits>(address, { body: change(limits, options) });
      if (json) return void terminal.json({ schema: "lockstep.queue_limits/1", ...limits });
      const rows = rowsOf(limits);
      if (rows.length === 0) return void terminal.note(`Queue ${safeLine(queue)} has no limits.`);
      terminal.out(
        renderTable(
          [
            { title: "LIMITS", cell: (row: Row) => safeLine(row.key), shrinkTo: 8 },
            { title: "AT ONCE", cell: (row: Row) => `${row.concurrency ?? "any"}`, align: "right" },
            { title: "RATE", cell: (row: Row) => (row.rate ? rateText(row.rate) : "any") },
          ],
          rows,
          terminal.width,
        ),
      );
    },
  });
}

function change(limits: QueueLimits, { concurrency, rate, key, eachKey }: LimitFlags) {
  const scope = key !== undefined ? "key" : eachKey === true ? "each_key" : "queue";
  const before = {
    queue: limits.limit,
    each_key: limits.each_key,
    key: limits.keys.find((limit) => limit.key === key) ?? null,
  }[scope];
  return {
    scope,
    key,
    concurrency: concurrency === undefined ? (before?.concurrency ?? null) : concurrency,
    rate: rate === undefined ? (before?.rate ?? null) : rate,
  };
}

function rowsOf({ limit, each_key, keys }: QueueLimits): Row[] {
  return [
    ...(limit ? [{ key: "the queue", ...limit }] : []),
    ...(each_key ? [{ key: "each key", ...each_key }] : []),
    ...keys.map((row) => ({ ...row, key: `key ${JSON.stringify(row.key)}` })),
  ];
}

function concurrency(text: string): number | null {
  return text === "none" ? null : wholeNumber(1, LIMIT_COUNT_MAX)(text);
}

/** Parses `10/s`, `100/m` or `5/30s`: a count in any period of that length. */
function rate(text: string): LimitRate | null {
  if (text === "none") return null;
  const match = /^(\d{1,7})\/(\d*)(s|m|h|d)$/.exec(text);
  const [count, per_ms] = [Number(match?.[1]), match ? durationMs(`${match[2] || 1}${match[3]}`) : 0];
  if (!match || count < 1 || count > LIMIT_COUNT_MAX || per_ms > RATE_MS_MAX)
    throw new InvalidArgumentError(
      "It must be a count in a period of up to a day: 10/s, 100/m, 5/30s; or none.",
    );
  return { count, per_ms };
}

function rateText({ count, per_ms }: LimitRate): string {
  const unit = ({ 1000: "s", 60000: "m", 3600000: "h", 86400000: "d" } as const)[per_ms];
  return unit ? `${count}/${unit}` : `${count}/${per_ms / 1_000}s`;
}
