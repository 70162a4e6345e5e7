#!/usr/bin/env node
import { CommanderError } from "commander";
import type { CliSession } from "./command.js";
import { readTerminalEnvironment } from "./config.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { packageVersion } from "./package.js";
import { buildProgram } from "./program.js";
import { reportError } from "./report-error.js";
import { createTerminal } from "./terminal.js";
import { loadWorkloads } from "./workloads.js";

async function run(argv: readonly string[]): Promise<ExitCode> {
  const terminal = createTerminal(process, readTerminalEnvironment());
  try {
    const session: CliSession = { terminal, workloads: await loadWorkloads(), exitCode: EXIT.done };
    await buildProgram(session, packageVersion()).parseAsync(argv, { from: "user" });
    return session.exitCode;
  } catch (error) {
    // Commander has printed what is wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return reportError(error, terminal, argv.includes("--json"));
  }
}

/** A reader such as `head` that stops reading early is not a failure. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.done);
}

process.stdout.on("error", endWithReader);
process.stderr.on("error", endWithReader);
process.exitCode = await run(process.argv.slice(2));
