import type { UndoResult } from "@lockstep/doctor";
import { type Command, Option } from "commander";
import { type CliSession, defineCommand, type Invocation } from "../../command.js";
import { confirm } from "../../confirm.js";
import { count } from "../../doctor/check-text.js";
import {
  CLI_ACTOR,
  configFileOption,
  DOCTOR_SETTINGS,
  type DoctorFlags,
  openDoctor,
} from "../../doctor/open-doctor.js";
import { shownId } from "../../doctor/shown-id.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { safeLine } from "../../safe-text.js";
import { stopOnSignal } from "../../signals.js";

interface UndoFlags extends DoctorFlags {
  readonly yes?: boolean;
}

export function doctorUndoCommand(session: CliSession): Command {
  return defineCommand<UndoFlags>(session, {
    name: "undo <run>",
    summary: "Undo the changes of a run, where nothing has changed since",
    examples: ["lockstep doctor undo RUN", "lockstep doctor undo RUN --yes"],
    settings: [...DOCTOR_SETTINGS],
    options: [configFileOption(), new Option("--yes", "do not ask")],
    run: undo,
  });
}

async function undo(invocation: Invocation<UndoFlags>): Promise<ExitCode> {
  const { terminal, json, options, args } = invocation;
  const run = args[0] ?? "";
  const { doctor, command } = await openDoctor(invocation);
  const stop = stopOnSignal();
  try {
    const looked = await doctor.undo(run, { dryRun: true });
    const mayAsk = options.yes === true || terminal.canAsk;
    if (!mayAsk || looked.undone === 0) {
      print(invocation, looked, "would be put back");
      if (!mayAsk && looked.undone > 0) terminal.note("Nothing was written: add --yes to put them back.");
      return looked.undone > 0 ? EXIT.drift : looked.left.length > 0 ? EXIT.partlyApplied : EXIT.done;
    }
    if (!json && !options.yes) print(invocation, looked, "can be put back");
    if (!(await confirm(`Put ${count(looked.undone, "job")} back?`, { yes: options.yes === true, terminal })))
      return EXIT.drift;
    const result = await doctor.undo(run, { dryRun: false, actor: CLI_ACTOR, signal: stop.signal });
    print(invocation, result, "put back");
    const rest = looked.undone + looked.left.length - result.undone - result.left.length;
    if (stop.signal.aborted && rest > 0) {
      const again = command.text("undo", run, "--yes");
      terminal.note(
        `The undo was stopped before ${count(rest, "more job")}. Continue with: ${safeLine(again)}`,
      );
      return EXIT.partlyApplied;
    }
    return result.left.length > 0 ? EXIT.partlyApplied : EXIT.done;
  } finally {
    stop.ignore();
    await doctor.close();
  }
}

function print({ terminal, json }: Invocation<UndoFlags>, result: UndoResult, what: string): void {
  if (json) {
    terminal.json({ schema: "lockstep.doctor.undo/1", ...result });
    return;
  }
  if (result.undone + result.left.length === 0)
    terminal.out("Nothing is left to put back: the run wrote nothing, or everything was put back already.");
  else terminal.out(`${count(result.undone, "job")} ${what}; ${result.left.length} not.`);
  for (const { id, view, why } of result.left)
    terminal.out(`  ${shownId(id)} in ${safeLine(view)}: ${safeLine(why)}`);
}
