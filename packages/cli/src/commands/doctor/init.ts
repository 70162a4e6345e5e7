import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { Proposal, Survey, Surveyed } from "@lockstep/doctor";
import { type Command, Option } from "commander";
import { type CliSession, defineCommand, type Invocation } from "../../command.js";
import { readVariables } from "../../config.js";
import { doctorCommands } from "../../doctor/doctor-command.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { safeLine } from "../../safe-text.js";
import type { Terminal } from "../../terminal.js";
import { UsageError } from "../../usage-error.js";

interface InitFlags {
  readonly redis?: string;
  readonly database?: string;
  readonly http?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly yes?: boolean;
}

export function doctorInitCommand(session: CliSession): Command {
  return defineCommand<InitFlags>(session, {
    name: "init",
    summary: "Find jobs in Redis and a database, and write the doctor's configuration",
    description:
      "Search a Redis and a database, read-only, for keys and tables that show the status of jobs, their status words, and which of them have the same jobs. Writes a configuration to read and correct.",
    examples: [
      "lockstep doctor init --redis redis://127.0.0.1:6379 --database postgres://localhost/app",
      "lockstep doctor init --redis redis://127.0.0.1:6379 --http 'http://127.0.0.1:8000/api/status/{id}' --yes",
      "lockstep doctor init --redis redis://127.0.0.1:6379 --database sqlite:jobs.db --out doctor.yaml",
    ],
    options: [
      new Option("--redis <url>", "a Redis database (default: REDIS_URL)"),
      new Option("--database <url>", "postgres://, mysql:// or sqlite:FILE (default: DATABASE_URL)"),
      new Option("--http <url>", "a status endpoint, with {id} in the place of the job's id"),
      new Option("--out <file>", "where to write the configuration").default("lockstep.doctor.yaml"),
      new Option("--force", "overwrite an existing file"),
      new Option("--yes", "accept the proposal without asking"),
    ],
    run: init,
  });
}

async function init(invocation: Invocation<InitFlags>): Promise<ExitCode> {
  const { options, terminal, json } = invocation;
  const variables = readVariables();
  const redisUrl = options.redis || variables.REDIS_URL || null;
  const databaseUrl = options.database || variables.DATABASE_URL || null;
  if (redisUrl === null && databaseUrl === null)
    throw new UsageError("add --redis or --database to say where to look");
  if (options.yes !== true && !terminal.canAsk)
    throw new UsageError("not a terminal, so questions are not possible: add --yes");
  const doctor = await import("@lockstep/doctor");
  const stores = doctor.openViewStores();
  try {
    const survey = await doctor.survey({ stores, redisUrl, databaseUrl, httpUrl: options.http ?? null });
    for (const note of survey.notes) terminal.note(safeLine(note));
    noteUnread(survey, invocation);
    const proposed = doctor.propose(survey.found);
    if (!json) terminal.out(foundText(survey, proposed));
    const chosen = options.yes === true ? proposed : await ask(survey, proposed, terminal);
    if (chosen === null) {
      terminal.note(
        "found no two views with the same jobs: nothing was written; write the file by hand, as in docs/doctor-views.md",
      );
      return survey.unread.length > 0 ? EXIT.unknown : EXIT.failed;
    }
    const { text, variables: needed } = doctor.configText(chosen);
    await write(options.out, text, options.force === true);
    if (json)
      terminal.json({ schema: "lockstep.doctor.init/1", file: options.out, variables: needed, config: text });
    const set: Readonly<Record<string, boolean>> = {
      REDIS_URL: variables.REDIS_URL === redisUrl,
      DATABASE_URL: variables.DATABASE_URL === databaseUrl,
    };
    for (const name of needed.filter((name) => set[name] !== true))
      terminal.note(`set ${name}: its address contains a password, so it is not in the file`);
    const next = doctorCommands({ config: options.out }).text("check");
    terminal.note(`wrote ${safeLine(options.out)}; read and correct it, then run: ${safeLine(next)}`);
    return EXIT.done;
  } finally {
    await stores.close();
  }
}

/**
 * A store whose address was given must be readable. One that is only named in the environment may
 * belong to another program.
 * @throws LockstepError VIEW_UNREADABLE or INVALID_CONFIG for the first store whose address was
 *   given
 */
function noteUnread({ unread }: Survey, { options, terminal }: Invocation<InitFlags>): void {
  for (const { store, error } of unread) {
    if (options[store]) throw error;
    const name = store === "redis" ? "REDIS_URL" : "DATABASE_URL";
    terminal.note(safeLine(`${name} is left out: ${error.message}; use --${store} to name another`));
  }
}

function foundText({ found }: Survey, proposed: Proposal | null): string {
  if (found.length === 0) return "Found nothing that looks like the status of jobs.";
  const mark = (view: Surveyed) =>
    proposed?.record === view ? "record" : proposed?.others.includes(view) ? "view" : "";
  const lines = found.flatMap((view, index) => {
    const count = view.count === null ? "" : `, about ${view.count} jobs`;
    const role = mark(view) === "" ? "" : `  <- proposed as ${mark(view)}`;
    const words = view.words.map(({ word, count: times, status }) => `${word} ${times} -> ${status ?? "?"}`);
    const shared = [...view.knows].map(([other, times]) => `has ${times} of the ids sampled from ${other}`);
    return [
      `${index + 1}. ${view.label}${count}${role}`,
      ...(words.length === 0 ? [] : [`   ${words.join(", ")}`]),
      ...shared.map((text) => `   ${text}`),
    ];
  });
  return lines.map(safeLine).join("\n");
}

/** Asks two questions, each with the proposal as its default. */
async function ask(survey: Survey, proposed: Proposal | null, terminal: Terminal): Promise<Proposal | null> {
  const { found } = survey;
  if (found.length < 2) return null;
  const numberOf = (view: Surveyed) => found.indexOf(view) + 1;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => asking.once("close", () => resolve("")));
  const question = async (text: string, preset: string) => {
    const answer = await Promise.race([asking.question(`${text} [${preset}] `), closed]);
    return answer.trim() === "" ? preset : answer.trim();
  };
  try {
    const views = await question(
      "Which of them should be compared (numbers)?",
      proposed === null ? "" : [proposed.record, ...proposed.others].map(numberOf).join(" "),
    );
    const chosen = views.split(/[\s,]+/).flatMap((number) => found[Number(number) - 1] ?? []);
    const preset =
      chosen.find((view) => view === proposed?.record) ?? chosen.find((view) => view.store === "sql");
    const record = await question("Which one is the record?", preset ? String(numberOf(preset)) : "");
    const recordView = found[Number(record) - 1];
    const others = chosen.filter((view) => view !== recordView);
    if (recordView === undefined || others.length === 0 || others.length > 3) {
      terminal.note("choose two to four views, and one of them as the record");
      return null;
    }
    return { record: recordView, others };
  } finally {
    asking.close();
  }
}

async function write(path: string, text: string, isForced: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: isForced ? "w" : "wx", mode: 0o644 });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    throw new UsageError(
      code === "EEXIST"
        ? `${path} exists: add --force to overwrite it`
        : `${path} cannot be written (${code})`,
    );
  }
}
