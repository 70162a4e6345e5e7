import { type Command, Option } from "commander";
import type { ApplyResult, Doctor } from "../../../doctor/index.js";
import { defineCommand, type Invocation, type Session, wholeNumber } from "../../command.js";
import { confirm } from "../../confirm.js";
import { count } from "../../doctor/check-text.js";
import { configFileOption, type DoctorFlags, openDoctor } from "../../doctor/open-doctor.js";
import { itemLines } from "../../doctor/plan-text.js";
import { stopOnSignal } from "../../doctor/stop-on-signal.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { createProgressLine } from "../../progress.js";

interface ApplyFlags extends DoctorFlags {
  readonly yes?: boolean;
  readonly maxRepairs: number;
  readonly only?: string;
  readonly ids?: string;
  readonly rate?: number;
}

const REPAIRS_MAX = 1_000;

export function doctorApplyCommand(session: Session): Command {
  return defineCommand<ApplyFlags>(session, {
    name: "apply <plan>",
    summary: "Make the repairs of a plan, each only if nothing has changed since",
    description:
      "Make the repairs of a plan. Before each write, every view is read again and must be as the plan saw it. What was there before is kept, so that lockstep doctor undo can put it back. A run that was stopped or killed goes on when its plan is applied again. Without --yes, and with nobody to ask, it only shows what it would do.",
    examples: [
      "lockstep doctor apply PLAN",
      "lockstep doctor apply PLAN --yes --only stuck-running --max-repairs 10",
    ],
    settings: ["dataDir"],
    options: [
      configFileOption(),
      new Option("--yes", "do not ask"),
      new Option("--max-repairs <n>", "write at most so many")
        .argParser(wholeNumber(1, 10_000_000))
        .default(REPAIRS_MAX),
      new Option("--only <patterns>", "only these patterns, with commas between them"),
      new Option("--ids <ids>", "only these jobs, with commas between them"),
      new Option("--rate <n>", "write at most so many a second").argParser(wholeNumber(1, 100_000)),
    ],
    run: apply,
  });
}

async function apply(invocation: Invocation<ApplyFlags>): Promise<ExitCode> {
  const { terminal, options, args } = invocation;
  const plan = args[0] ?? "";
  const doctor = await openDoctor(invocation);
  try {
    const { repairs } = await chosenItems(invocation, doctor, plan);
    if (!options.yes && !terminal.canAsk) {
      terminal.note(
        `Nothing was written: this was ${count(repairs, "repair")} to look at. Add --yes to make them.`,
      );
      return repairs > 0 ? EXIT.drift : EXIT.done;
    }
    const question = `Make ${count(Math.min(repairs, options.maxRepairs), "repair")} now?`;
    if (!(await confirm(question, { yes: options.yes === true, terminal }))) return EXIT.drift;
    return await write(invocation, doctor, plan, repairs);
  } finally {
    await doctor.close();
  }
}

/** Shows the first of them, unless they are applied at once. */
async function chosenItems(
  { options, terminal, json }: Invocation<ApplyFlags>,
  doctor: Doctor,
  plan: string,
) {
  const { planItems, verifyPlan } = await import("../../../doctor/index.js");
  const path = await doctor.planPath(plan);
  await verifyPlan(path);
  const [only, ids] = [chosen(options.only), chosen(options.ids)];
  let repairs = 0;
  for await (const item of planItems(path)) {
    if ((only && !only.includes(item.pattern)) || (ids && !ids.includes(item.id))) continue;
    repairs += 1;
    if (!options.yes && !json && repairs <= 20) terminal.out(itemLines(item, terminal).join("\n"));
  }
  return { repairs };
}

async function write(
  { terminal, json, options }: Invocation<ApplyFlags>,
  doctor: Doctor,
  plan: string,
  repairs: number,
): Promise<ExitCode> {
  const stop = stopOnSignal();
  const line = createProgressLine(terminal);
  let done = 0;
  try {
    const result = await doctor.apply(plan, {
      repairsMax: options.maxRepairs,
      only: chosen(options.only),
      ids: chosen(options.ids),
      perSecond: options.rate ?? null,
      signal: stop.signal,
      onOutcomes: (outcomes) => {
        done += outcomes.length;
        line.update({
          label: "repairing",
          fraction: repairs === 0 ? 1 : Math.min(1, done / repairs),
          done,
          total: repairs,
        });
      },
    });
    line.end();
    if (json) terminal.json({ schema: "lockstep.doctor.run/1", ...result });
    else terminal.out(resultText(result));
    return result.changed + result.refused > 0 || result.reason !== "done" ? EXIT.partlyApplied : EXIT.done;
  } finally {
    line.end();
    stop.ignore();
  }
}

function resultText({ run, reason, written, changed, refused, resumed }: ApplyResult): string {
  const end = {
    done: "",
    limit: " The rest of the plan was left out: --max-repairs was reached.",
    stopped: " It was stopped; apply the plan again to go on.",
  }[reason];
  return [
    `${count(written, "repair")} made${resumed ? ", with those of the run before the stop" : ""}; ${changed} left alone because they have changed since; ${refused} refused by the store.${end}`,
    `take it back with: lockstep doctor undo ${run}`,
  ].join("\n");
}

function chosen(list: string | undefined): readonly string[] | null {
  return list === undefined ? null : list.split(",").map((name) => name.trim());
}
