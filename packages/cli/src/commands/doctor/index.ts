import type { Command } from "commander";
import { type CliSession, defineGroup } from "../../command.js";
import { doctorApplyCommand } from "./apply.js";
import { doctorCheckCommand } from "./check.js";
import { doctorExplainCommand } from "./explain.js";
import { doctorHistoryCommand } from "./history.js";
import { doctorInitCommand } from "./init.js";
import { doctorPlanCommand } from "./plan.js";
import { doctorUndoCommand } from "./undo.js";

/** `lockstep doctor` alone checks. */
export function doctorCommand(session: CliSession): Command {
  const group = defineGroup(
    {
      name: "doctor",
      summary: "Find jobs whose status is wrong somewhere, here or in any other system, and repair them",
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
