import type { Command } from "commander";
import { type CliSession, defineGroup } from "../../command.js";
import { doctorApplyCommand } from "./apply.js";
import { doctorCheckCommand } from "./check.js";
import { doctorExplainCommand } from "./explain.js";
import { doctorHistoryCommand } from "./history.js";
import { doctorInitCommand } from "./init.js";
import { doctorPlanCommand } from "./plan.js";
import { doctorUndoCommand } from "./undo.js";

/** `lockstep doctor` without a subcommand runs a check. */
export function doctorCommand(session: CliSession): Command {
  const group = defineGroup(
    {
      name: "doctor",
      summary: "Find and repair jobs whose status is wrong somewhere, in Lockstep or in another system",
      examples: [
        "lockstep doctor check",
        "lockstep doctor plan",
        "lockstep doctor apply PLAN",
        "lockstep doctor undo RUN",
      ],
    },
    [
      doctorInitCommand(session),
      doctorExplainCommand(session),
      doctorPlanCommand(session),
      doctorApplyCommand(session),
      doctorUndoCommand(session),
      doctorHistoryCommand(session),
    ],
  );
  return group.addCommand(doctorCheckCommand(session), { isDefault: true });
}
