import { InvalidArgumentError, Option } from "commander";
import {
  durationMs,
  MAX_ATTEMPTS_LIMIT,
  PRIORITY_MAX,
  PRIORITY_MIN,
  type SubmitField,
  type SubmitFields,
} from "lockstep/internal/job";
import { collect, secondsNumber, wholeNumber } from "./command.js";

interface Flag {
  readonly flag: string;
  readonly help: string;
  /** Converts the value to the API's form. Default: the text itself. */
  readonly read?: (text: string, before: never) => unknown;
}

/** Accepts a kind that nobody has recorded. */
export const allowUnknownFlag = (): Option =>
  new Option("--allow-unknown", "accept a kind that no worker or client has recorded");

/** The submit options, as flags. A trace context comes with a request and has no flag. */
const FLAGS: Readonly<Record<Exclude<SubmitField, "traceparent">, Flag>> = {
  queue: { flag: "--queue <name>", help: "the queue it waits in (default: the kind's)" },
  priority: {
    flag: "--priority <n>",
    help: `${PRIORITY_MIN} to ${PRIORITY_MAX}; smaller runs first (default: 0)`,
    read: wholeNumber(PRIORITY_MIN, PRIORITY_MAX),
  },
  run_at: {
    flag: "--run-at <time>",
    help: "earliest start: a time such as 2030-01-31T08:00:00Z, or a delay such as 90s, 2h",
    read: runAtText,
  },
  max_attempts: {
    flag: "--max-attempts <n>",
    help: "total attempts (default: the kind's)",
    read: wholeNumber(1, MAX_ATTEMPTS_LIMIT),
  },
  timeout_ms: {
    flag: "--timeout <seconds>",
    help: "how long one attempt may take (default: the kind's)",
    read: (text) => Math.round(secondsNumber(text) * 1_000),
  },
  unique_key: {
    flag: "--unique-key <key>",
    help: "at most one pending or running job of the kind has this key",
  },
  limit_key: {
    flag: "--limit-key <key>",
    help: "the key under which the queue's limits by key count the job",
  },
  idempotency_key: {
    flag: "--idempotency-key <key>",
    help: "the same key and request give the same job, however often they are sent",
  },
  tags: { flag: "--tag <tag>", help: "a label for filters; may be repeated", read: collect },
};

type FlagField = keyof typeof FLAGS;

export const SUBMIT_FLAGS = Object.keys(FLAGS) as readonly FlagField[];

/** The flags for the submit options. */
export function submitFlags(names: readonly FlagField[]): Option[] {
  return names.map((name) => {
    const { flag, help, read } = FLAGS[name];
    const option = new Option(flag, help);
    return read === undefined
      ? option
      : option.argParser<unknown>(read as (text: string, before: unknown) => unknown);
  });
}

/** The given options, as members of the API's body. */
export function submitFieldsOfFlags(options: object): SubmitFields {
  const given = Object.entries(FLAGS).flatMap(([name, { flag }]) => {
    const value = (options as Record<string, unknown>)[new Option(flag).attributeName()];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(given) as SubmitFields;
}

function runAtText(text: string): string {
  if (/^\+?[\d.]+\s*(ms|s|m|h|d)$/.test(text))
    return new Date(Date.now() + durationMs(text.replace("+", ""))).toISOString();
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError(
      "It must be a time such as 2030-01-31T08:00:00Z, or a delay such as 90s, 10m, 2h.",
    );
  }
  return time.toISOString();
}
