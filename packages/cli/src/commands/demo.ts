import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { type CliSession, defineCommand, type Invocation } from "../command.js";
import type { Config } from "../config.js";
import { type DemoOptions, runDemo } from "../demo/run-demo.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { runService } from "../service.js";
import { UsageError } from "../usage-error.js";

interface DemoFlags {
  readonly exit?: boolean;
}

export function demoCommand(session: CliSession): Command {
  const { workloads } = session;
  const [shown] = workloads.flatMap(({ kind, demo }) => (demo === null ? [] : [{ kind, demo }]));
  return defineCommand<DemoFlags>(session, {
    name: "demo",
    summary: "Run a demonstration in one process, on real code",
    description: `Run a demonstration. Everything runs in this process, with an embedded database in a temporary folder: ${shown?.demo.description ?? "jobs run"}, every change of status is shown as it is committed, and the answers are compared. The API stays up until Ctrl+C.`,
    examples: ["lockstep demo", "lockstep demo --exit"],
    settings: ["port", "schema", "logLevel"],
    options: [new Option("--exit", "exit when the demo is done")],
    async run(invocation) {
      if (shown === undefined) throw new UsageError("no installed workload has a demo");
      return await demo(invocation, { shown, workloads });
    },
  });
}

async function demo(
  invocation: Invocation<DemoFlags>,
  what: Pick<DemoOptions, "shown" | "workloads">,
): Promise<ExitCode> {
  const { terminal, json, options } = invocation;
  const configured = demoConfig(invocation);
  const { workloads: settings } = invocation.report();
  const staysUp = options.exit !== true;
  const dataDir = mkdtempSync(join(tmpdir(), "lockstep-demo-"));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  // A signal may end the process at once.
  process.once("exit", remove);
  const config = { ...configured, dataDir };
  let agreed = false;
  try {
    const exitCode = await runService({
      config,
      terminal,
      async start(runtime, signal) {
        agreed = await runDemo({ ...what, settings, runtime, config, terminal, json, signal, staysUp });
        return staysUp ? "serve" : "stop";
      },
    });
    return agreed ? exitCode : EXIT.failed;
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/**
 * The demo never touches the user's database or folders, and logs only warnings unless asked for
 * more.
 */
function demoConfig(invocation: Invocation): Config {
  const { config, settings } = invocation.report();
  const quiet = settings.some(({ name, origin }) => name === "logLevel" && origin === "default");
  return {
    ...config,
    databaseUrl: null,
    redisUrl: null,
    host: "127.0.0.1",
    logLevel: quiet ? "warn" : config.logLevel,
  };
}
