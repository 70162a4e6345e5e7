import { setFlagsFromString } from "node:v8";
import type { CheckSummary, DriftFinding } from "@lockstep/doctor";
import { type Command, Option } from "commander";
import { type CliSession, defineCommand, type Invocation, secondsNumber } from "../../command.js";
import { checkText } from "../../doctor/check-text.js";
import { CSV_HEADER, csvLine } from "../../doctor/findings-csv.js";
import {
  configFileOption,
  DOCTOR_SETTINGS,
  type DoctorFlags,
  type OpenedDoctor,
  openDoctor,
} from "../../doctor/open-doctor.js";
import { findingText } from "../../doctor/side-by-side.js";
import { watchForEver } from "../../doctor/watch.js";
import { EXIT, type ExitCode } from "../../exit-codes.js";
import { createProgressLine } from "../../progress.js";
import { UsageError } from "../../usage-error.js";
import { explainViews } from "./explain.js";

interface CheckFlags extends DoctorFlags {
  readonly ndjson?: boolean;
  readonly csv?: boolean;
  readonly explain?: string;
  readonly watch?: number | true;
  readonly metrics?: string;
}

export function doctorCheckCommand(session: CliSession): Command {
  return defineCommand<CheckFlags>(session, {
    name: "check",
    summary: "Find jobs whose status differs between the views; only reads",
    examples: [
      "lockstep doctor check",
      "lockstep doctor check --explain stuck-running",
      "lockstep doctor check --ndjson > findings.ndjson",
      "lockstep doctor check --watch 60 --metrics 127.0.0.1:9464",
    ],
    settings: [...DOCTOR_SETTINGS],
    options: [
      configFileOption(),
      new Option("--ndjson", "print each finding as a line of JSON").conflicts("csv"),
      new Option("--csv", "print each finding as a line of CSV"),
      new Option("--explain <pattern|id>", "show every view of these jobs, or of one, side by side"),
      new Option("--watch [seconds]", "check repeatedly, with this pause")
        .argParser(secondsNumber)
        .preset("60"),
      new Option(
        "--metrics <address>",
        "with --watch: serve Prometheus metrics at this address, such as 127.0.0.1:9464",
      ),
    ],
    run: check,
  });
}

async function check(invocation: Invocation<CheckFlags>): Promise<ExitCode> {
  const { options } = invocation;
  if (options.metrics !== undefined && options.watch === undefined)
    throw new UsageError("--metrics needs --watch");
  const { PATTERNS } = await import("@lockstep/doctor");
  const isPattern = PATTERNS.some((pattern) => pattern === options.explain);
  if (options.explain !== undefined && !isPattern) return await explainViews(invocation, options.explain);
  stayNarrow();
  const opened = await openDoctor(invocation);
  const { doctor } = opened;
  try {
    if (options.watch !== undefined)
      return await watchForEver({
        terminal: invocation.terminal,
        json: invocation.json,
        pauseSeconds: options.watch === true ? 60 : options.watch,
        metricsAddress: options.metrics ?? null,
        patterns: PATTERNS,
        checkOnce: (signal) => doctor.check({ signal }),
      });
    return await checkOnce(invocation, opened);
  } finally {
    await doctor.close();
  }
}

/**
 * Millions of entries become garbage as soon as they are compared. V8 would triple the space for
 * young objects, and let the old space grow to four times the live data before it collects. That
 * takes 70 MB more and does not make a check faster.
 */
function stayNarrow(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=150");
}

async function checkOnce(
  invocation: Invocation<CheckFlags>,
  { doctor, command }: OpenedDoctor,
): Promise<ExitCode> {
  const { terminal, json, options } = invocation;
  const line = createProgressLine(terminal);
  if (options.csv) terminal.out(CSV_HEADER);
  try {
    const summary = await doctor.check({
      onFinding: (finding) => printFinding(invocation, finding),
      onProgress: ({ done, total, drifting, open }) =>
        line.update({
          label: "checking",
          fraction: total === null || total === 0 ? null : done / total,
          done,
          message: `${drifting} in drift${open > 0 ? `, ${open} waiting for a second look` : ""}`,
        }),
    });
    line.end();
    if (json) terminal.json({ schema: "lockstep.doctor.check/1", ...summary });
    else if (options.ndjson || options.csv)
      terminal.note(
        checkText(summary, { ...terminal, paint: terminal.paintNote, width: terminal.noteWidth }, command),
      );
    else terminal.out(checkText(summary, terminal, command));
    return checkExitCode(summary);
  } finally {
    line.end();
  }
}

function printFinding({ terminal, options, json }: Invocation<CheckFlags>, finding: DriftFinding): void {
  if (options.ndjson) terminal.jsonLine({ schema: "lockstep.doctor.finding/1", ...finding });
  else if (options.csv) terminal.out(csvLine(finding));
  else if (options.explain === finding.pattern && !json) terminal.out(`${findingText(finding, terminal)}\n`);
}

/** 0 clean, 2 drift, 7 not everything could be read. */
function checkExitCode({ verdict }: CheckSummary): ExitCode {
  return { clean: EXIT.done, drift: EXIT.drift, unknown: EXIT.unknown }[verdict];
}
