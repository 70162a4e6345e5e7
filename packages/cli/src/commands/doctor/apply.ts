import type { ApplyResult, Doctor, PlanItem, RepairOutcome } from "@lockstep/doctor";
import { type Command, Option } from "commander";
import { type CliSession, defineCommand, type Invocation, wholeNumber } from "../../command.js";
import { confirm } from "../../confirm.js";
import { count } from "../../doctor/check-text.js";
import type { DoctorCommand } from "../../doctor/doctor-command.js";
import {
  CLI_ACTOR,
  configFileOption,
  DOCTOR_SETTINGS,
  type DoctorFlags,
  openDoctor,
} from "../../doctor/open-doctor.js";
import { itemLines } from "../../doctor/plan-text.js";
import { shownId } from "../../doctor/shown-id.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { createProgressLine } from "../../progress.js";
import { safeLine } from "../../safe-text.js";
import { stopOnSignal } from "../../signals.js";
import { UsageError } from "../../usage-error.js";

interface ApplyFlags extends DoctorFlags {
  readonly yes?: boolean;
  readonly maxRepairs: number;
  readonly only?: string;
  readonly ids?: string;
  readonly rate?: number;
}

const REPAIRS_MAX = 1_000;
const SHOWN_MAX = 20;

export function doctorApplyCommand(session: CliSession): Command {
  return defineCommand<ApplyFlags>(session, {
    name: "apply <plan>",
    summary: "Apply the repairs of a plan, each only if nothing has changed since",
    description:
      "Apply the repairs of a plan. Before each write, every view is read again and must be as the plan saw it. The old values are kept, so that lockstep doctor undo can restore them. Apply the plan again to resume a run that was stopped or killed. Without --yes and without a terminal, the command only shows what it would do.",
    examples: [
      "lockstep doctor apply PLAN",
      "lockstep doctor apply PLAN --yes --only stuck-running --max-repairs 10",
    ],
    settings: [...DOCTOR_SETTINGS],
    options: [
      configFileOption(),
      new Option("--yes", "do not ask"),
      new Option("--max-repairs <n>", "write at most this many jobs")
        .argParser(wholeNumber(1, 10_000_000))
        .default(REPAIRS_MAX),
      new Option("--only <patterns>", "only these patterns, separated by commas"),
      new Option("--ids <ids>", "only these jobs, separated by commas"),
      new Option("--rate <n>", "write at most this many jobs per second").argParser(wholeNumber(1, 100_000)),
    ],
    run: apply,
  });
}

async function apply(invocation: Invocation<ApplyFlags>): Promise<ExitCode> {
  const { terminal, options, args, json } = invocation;
  const plan = args[0] ?? "";
  const { doctor, command } = await openDoctor(invocation);
  try {
    const chosen = await chooseItems(invocation, doctor, plan);
    if (chosen.repairs === 0 && chosen.resumes === null) return nothingChosen(invocation, chosen);
    if (!options.yes && !json) terminal.out(chosenText(chosen, invocation));
    if (!options.yes && !terminal.canAsk) {
      if (json) terminal.json({ schema: "lockstep.doctor.apply/1", dry_run: true, ...chosen });
      terminal.note(
        `Nothing was written: this only shows ${count(chosen.repairs, "repair")}. Add --yes to apply ${chosen.repairs === 1 ? "it" : "them"}.`,
      );
      return EXIT.drift;
    }
    const question = `Apply ${count(Math.min(chosen.repairs, options.maxRepairs), "repair")} now?`;
    if (!(await confirm(question, { yes: options.yes === true, terminal }))) return EXIT.drift;
    return await write(invocation, { doctor, command, plan, repairs: chosen.repairs });
  } finally {
    await doctor.close();
  }
}

/** Does not start the plan, so that it can still be used. */
function nothingChosen({ terminal, json }: Invocation<ApplyFlags>, chosen: Chosen): ExitCode {
  if (json) terminal.json({ schema: "lockstep.doctor.apply/1", dry_run: true, ...chosen });
  terminal.note("Nothing was written: no repair of the plan matches --only. The plan can still be used.");
  return EXIT.done;
}

interface Chosen {
  readonly plan: string;
  readonly repairs: number;
  readonly examples: readonly PlanItem[];
  /** The run to resume; null: a new run is started. */
  readonly resumes: string | null;
}

/**
 * Selects the repairs. An interrupted run resumes with its original selection.
 * @throws UsageError for an unknown pattern, or for a job without a repair in the plan
 */
async function chooseItems(
  { options, terminal }: Invocation<ApplyFlags>,
  doctor: Doctor,
  plan: string,
): Promise<Chosen> {
  const { planItems, PATTERNS } = await import("@lockstep/doctor");
  const { path, header, unfinished } = await doctor.ready(plan);
  const only = unfinished?.only ?? listed(options.only);
  const ids = unfinished?.ids ?? listed(options.ids);
  const wrong = only?.find((name) => !PATTERNS.some((pattern) => pattern === name));
  if (wrong !== undefined)
    throw new UsageError(
      `--only ${JSON.stringify(wrong)} is not a pattern; the patterns are ${PATTERNS.join(", ")}`,
    );
  const missing = new Set(ids);
  const examples: PlanItem[] = [];
  let repairs = 0;
  for await (const item of planItems(path)) {
    missing.delete(item.id);
    if ((only && !only.includes(item.pattern)) || (ids && !ids.includes(item.id))) continue;
    repairs += 1;
    if (examples.length < SHOWN_MAX) examples.push(item);
  }
  const [unknown] = missing;
  if (unknown !== undefined)
    throw new UsageError(`--ids ${JSON.stringify(unknown)}: the plan has no repair of that job`);
  if (unfinished)
    terminal.note(
      `This resumes run ${unfinished.run}, which was interrupted, with its original limit of ${count(unfinished.max_repairs, "repair")}.`,
    );
  return { plan: header.plan, repairs, examples, resumes: unfinished?.run ?? null };
}

function chosenText({ repairs, examples }: Chosen, { terminal }: Invocation<ApplyFlags>): string {
  const lines = examples.flatMap((item) => itemLines(item, terminal));
  if (repairs > examples.length) lines.push(terminal.paint.dim(`and ${repairs - examples.length} more`));
  return lines.join("\n");
}

interface Write {
  readonly doctor: Doctor;
  readonly command: DoctorCommand;
  readonly plan: string;
  readonly repairs: number;
}

async function write(
  { terminal, json, options }: Invocation<ApplyFlags>,
  { doctor, command, plan, repairs }: Write,
): Promise<ExitCode> {
  const stop = stopOnSignal();
  const line = createProgressLine(terminal);
  const refusals: RepairOutcome[] = [];
  let done = 0;
  try {
    const result = await doctor.apply(plan, {
      actor: CLI_ACTOR,
      repairsMax: options.maxRepairs,
      only: listed(options.only),
      ids: listed(options.ids),
      perSecond: options.rate ?? null,
      signal: stop.signal,
      onOutcomes: (outcomes) => {
        done += outcomes.length;
        const refused = outcomes.filter(({ outcome }) => outcome === "refused");
        refusals.push(...refused.slice(0, SHOWN_MAX - refusals.length));
        line.update({
          label: "repairing",
          fraction: repairs === 0 ? 1 : Math.min(1, done / repairs),
          done,
          total: repairs,
        });
      },
    });
    line.end();
    const refused = refusals.map(({ id, why }) => ({ id, why }));
    if (json) terminal.json({ schema: "lockstep.doctor.run/1", ...result, refusals: refused });
    else terminal.out([resultText(result, plan, command), ...refused.map(refusalText)].join("\n"));
    return result.changed + result.refused > 0 || result.reason !== "done" ? EXIT.partlyApplied : EXIT.done;
  } finally {
    line.end();
    stop.ignore();
  }
}

function refusalText({ id, why }: Pick<RepairOutcome, "id" | "why">): string {
  return `  ${shownId(id)} was refused: ${safeLine(why ?? "")}`;
}

function resultText(
  { run, reason, written, changed, refused, resumed }: ApplyResult,
  plan: string,
  command: DoctorCommand,
): string {
  const end = {
    done: "",
    limit: ` The rest of the plan was left out: --max-repairs was reached. Make a new plan for the rest: ${command.text("plan")}`,
    stopped: ` The run was stopped. Continue with: ${command.text("apply", plan, "--yes")}`,
  }[reason];
  const counts = [
    `${count(written, "repair")} made${resumed ? ", including those before the stop" : ""}`,
    `${changed} left alone because they changed after the plan`,
    `${refused} refused by the store`,
  ].join("; ");
  return safeLine(`${counts}.${end}`).concat(
    written > 0 ? `\ncheck again with: ${command.text("check")}` : "",
    written > 0 ? `\nundo it with: ${command.text("undo", run)}` : "",
  );
}

function listed(list: string | undefined): readonly string[] | null {
  return list === undefined ? null : list.split(",").map((name) => name.trim());
}
