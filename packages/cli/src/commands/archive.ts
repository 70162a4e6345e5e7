import { type Command, InvalidArgumentError, Option } from "commander";
import { durationMs } from "lockstep/internal/job";
import { type CliSession, defineCommand, type Invocation } from "../command.js";
import { durationText } from "../duration-text.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { createLogger } from "../log.js";
import { createProgressLine } from "../progress.js";
import { safeLine } from "../safe-text.js";
import { openRuntimeOf } from "../service.js";
import { stopOnSignal } from "../signals.js";

interface ArchiveFlags {
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

const DAY_MS = 86_400_000;

export function archiveCommand(session: CliSession): Command {
  return defineCommand<ArchiveFlags>(session, {
    name: "archive",
    summary: "Move old finished jobs into files",
    description:
      "Move finished jobs into compressed files, in the archive's folder. Their ids still return how they ended. A server does this once a day automatically; this command does it now. It opens the database itself, so an embedded one must not be in use.",
    examples: ["lockstep archive --older-than 30d --dry-run", "lockstep archive --older-than 30d --json"],
    settings: [
      "databaseUrl",
      "schema",
      "dataDir",
      "artifacts",
      "archiveDir",
      "archiveBucket",
      "retentionDays",
      "fileRetentionDays",
    ],
    options: [
      new Option(
        "--older-than <duration>",
        "only jobs that finished at least this long ago (default: the retention)",
      ).argParser(age),
      new Option("--dry-run", "only count them"),
    ],
    run: archive,
  });
}

async function archive(invocation: Invocation<ArchiveFlags>): Promise<ExitCode> {
  const { options, terminal, json } = invocation;
  const config = invocation.config();
  const dryRun = options.dryRun === true;
  const runtime = await openRuntimeOf(config, createLogger(config.logLevel, terminal));
  const line = createProgressLine(terminal);
  // The current file is finished; everything archived until then stays archived.
  const stop = stopOnSignal();
  try {
    const outcome = await runtime.archive({
      olderThanMs: options.olderThan ?? config.retentionDays * DAY_MS,
      dryRun,
      signal: stop.signal,
      onProgress: ({ archived, fraction }) => line.update({ label: "archiving", fraction, done: archived }),
    });
    const readers = outcome.held > 0 ? await runtime.ledger.archive.readers() : [];
    line.end();
    if (json) terminal.json({ schema: "lockstep.archive/1", ...document(outcome), dry_run: dryRun, readers });
    else terminal.out(outcomeText(outcome, dryRun));
    for (const { name, silent_seconds } of json ? [] : readers)
      terminal.note(
        `waiting for the subscriber ${safeLine(name)}, which last advanced ${durationText(silent_seconds)} ago: ${outcome.held} jobs stay until it has read them`,
      );
    return outcome.completed ? EXIT.done : EXIT.failed;
  } finally {
    line.end();
    stop.ignore();
    await runtime.close();
  }
}

type ArchiveAnswer = Awaited<ReturnType<Awaited<ReturnType<typeof openRuntimeOf>>["archive"]>>;

function document({ finishedBefore, archived, held, files, bytes, completed, removed }: ArchiveAnswer) {
  return { finished_before: finishedBefore, archived, held, files, bytes, completed, removed };
}

function outcomeText(
  { archived, finishedBefore, files, bytes, completed, removed }: ArchiveAnswer,
  dryRun: boolean,
): string {
  const jobs = `${archived.toLocaleString("en")} ${archived === 1 ? "job" : "jobs"}`;
  const which = `that finished before ${finishedBefore}`;
  if (dryRun) return `Would archive ${jobs} ${which}.`;
  const place =
    archived === 0 ? "" : `: ${files} ${files === 1 ? "file" : "files"}, ${(bytes / 1e6).toFixed(1)} MB`;
  const rest = completed ? "" : " Stopped early; run it again for the rest.";
  return `Archived ${jobs} ${which}${place}.${removedText(removed)}${rest}`;
}

function removedText(removed: ArchiveAnswer["removed"]): string {
  const { jobs = 0, files = 0 } = removed ?? {};
  const ofJobs = jobs === 0 ? [] : [`the files of ${jobs} archived ${jobs === 1 ? "job" : "jobs"}`];
  const unnamed =
    files === 0 ? [] : [`${files} uploaded ${files === 1 ? "file" : "files"} that no job references`];
  const what = [...ofJobs, ...unnamed].join(" and ");
  return what === "" ? "" : ` Removed ${what}.`;
}

function age(text: string): number {
  try {
    return durationMs(text);
  } catch {
    throw new InvalidArgumentError("It must be a duration such as 30d, 12h or 90m.");
  }
}
