import type { SideBySide } from "@lockstep/doctor";
import type { Command } from "commander";
import { type CliSession, defineCommand, type Invocation } from "../../command.js";
import { configFileOption, DOCTOR_SETTINGS, type DoctorFlags, openDoctor } from "../../doctor/open-doctor.js";
import { explanationText } from "../../doctor/side-by-side.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";

export function doctorExplainCommand(session: CliSession): Command {
  return defineCommand<DoctorFlags>(session, {
    name: "explain <id>",
    summary: "Show every view of one job side by side",
    examples: ["lockstep doctor explain 0199f2c1-0000-7000-8000-000000000001"],
    settings: [...DOCTOR_SETTINGS],
    options: [configFileOption()],
    run: (invocation) => explainViews(invocation, invocation.args[0] ?? ""),
  });
}

const EXIT_CODES: Readonly<Record<SideBySide["verdict"], ExitCode>> = {
  agree: EXIT.done,
  gone: EXIT.failed,
  drift: EXIT.drift,
  unknown: EXIT.unknown,
  unmapped: EXIT.unknown,
};

/**
 * Exit code: 0 when the views agree, 1 when no view has the job, 2 when they differ, 7 when it is
 * unknown.
 */
export async function explainViews(invocation: Invocation<DoctorFlags>, id: string): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const { PATTERNS } = await import("@lockstep/doctor");
  const { doctor } = await openDoctor(invocation);
  try {
    const explanation = await doctor.explain(id);
    if (json) terminal.json({ schema: "lockstep.doctor.explanation/1", ...explanation });
    else terminal.out(explanationText(explanation, terminal));
    if (explanation.verdict === "gone")
      terminal.note(`if you meant a pattern, the patterns are: ${PATTERNS.join(", ")}`);
    return EXIT_CODES[explanation.verdict];
  } finally {
    await doctor.close();
  }
}
