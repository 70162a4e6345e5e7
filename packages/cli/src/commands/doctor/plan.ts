import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { Pattern, PlanResult, Preference } from "@lockstep/doctor";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type CliSession, collect, defineCommand, type Invocation } from "../../command.js";
import { configFileOption, DOCTOR_SETTINGS, type DoctorFlags, openDoctor } from "../../doctor/open-doctor.js";
import { planText, RISKS } from "../../doctor/plan-text.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { createProgressLine } from "../../progress.js";
import { UsageError } from "../../usage-error.js";

interface PlanFlags extends DoctorFlags {
  readonly out?: string;
  readonly prefer?: readonly string[];
  readonly acceptMapping?: boolean;
}

export function doctorPlanCommand(session: CliSession): Command {
  return defineCommand<PlanFlags>(session, {
    name: "plan",
    summary: "Write a plan of the repairs; changes no store",
    description:
      "Check, and write the repair of each job to a plan: a file with a hash that is valid for one hour and one use. Nothing else is written.",
    examples: [
      "lockstep doctor plan",
      "lockstep doctor plan --prefer contradiction=record --out repairs.plan",
    ],
    settings: [...DOCTOR_SETTINGS],
    options: [
      configFileOption(),
      new Option("--out <file>", "where to write the plan (default: the data directory)"),
      new Option(
        "--prefer <pattern=side>",
        "for contradiction or result-mismatch: trust queue, record or newest; can be repeated",
      ).argParser((text: string, before: readonly string[] | undefined) => collect(checked(text), before)),
      new Option("--accept-mapping", "plan even if the mapping looks wrong"),
    ],
    run: plan,
  });
}

const PREFER = /^(?:(contradiction|result-mismatch)=)?(queue|record|newest)$/;

function checked(text: string): string {
  if (!PREFER.test(text))
    throw new InvalidArgumentError(
      "It must be contradiction=SIDE or result-mismatch=SIDE; SIDE is queue, record or newest.",
    );
  return text;
}

/** A side without a pattern applies to contradictions. */
function preferences(texts: readonly string[]): Partial<Record<Pattern, Preference>> {
  const preferences: Partial<Record<Pattern, Preference>> = {};
  for (const text of texts) {
    const [, pattern = "contradiction", side] = PREFER.exec(text) ?? [];
    preferences[pattern as Pattern] = side as Preference;
  }
  return preferences;
}

async function plan(invocation: Invocation<PlanFlags>): Promise<ExitCode> {
  const { terminal, json, options } = invocation;
  const prefer = preferences(options.prefer ?? []);
  if (options.out !== undefined) await assertNotTaken(options.out);
  for (const [pattern, side] of Object.entries(prefer))
    terminal.note(`${terminal.paintNote.yellow("risk:")} ${pattern}: ${RISKS[side]}`);
  const { doctor, command } = await openDoctor(invocation);
  const line = createProgressLine(terminal);
  try {
    const result = await doctor.plan({
      prefer,
      acceptMapping: options.acceptMapping === true,
      ...(options.out === undefined ? {} : { path: options.out }),
      onProgress: ({ done, total }) =>
        line.update({
          label: "planning",
          fraction: total === null || total === 0 ? null : done / total,
          done,
        }),
    });
    line.end();
    if (json) terminal.json({ schema: "lockstep.doctor.plan/1", ...result });
    else terminal.out(planText(result, terminal, command));
    return exitCodeOf(result);
  } finally {
    line.end();
    await doctor.close();
  }
}

/** A plan never overwrites an existing file. */
async function assertNotTaken(path: string): Promise<void> {
  if (await isThere(path)) throw new UsageError(`${path} exists: choose another --out`);
  if (!(await isThere(dirname(path)))) throw new UsageError(`there is no folder ${dirname(path)} for --out`);
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function exitCodeOf({ repairs, check }: PlanResult): ExitCode {
  if (check.verdict === "unknown") return EXIT.unknown;
  return repairs > 0 || check.verdict === "drift" ? EXIT.drift : EXIT.done;
}
