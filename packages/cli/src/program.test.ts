import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import type { CliSession } from "./command.js";
import { completionScript, SHELLS } from "./completion/index.js";
import { completionPlaces } from "./completion/tree.js";
import { EXIT } from "./exit-codes.js";
import { buildProgram, forEachCommand } from "./program.js";
import type { Terminal } from "./terminal.js";
import { loadWorkloads } from "./workloads.js";

const terminal = { write: () => undefined, draw: () => undefined } as unknown as Terminal;
const session: CliSession = { terminal, workloads: await loadWorkloads(), exitCode: EXIT.done };
const program = buildProgram(session, "1.2.3");

function allCommands(): Command[] {
  const commands: Command[] = [];
  forEachCommand(program, (command) => void commands.push(command));
  return commands;
}

describe("the commands", () => {
  it("are the documented ones", () => {
    const places = completionPlaces(program);
    const leaves = places.filter(({ commands }) => commands.length === 0).map(({ path }) => path.join(" "));
    expect(leaves.sort()).toEqual(
      [
        "archive",
        ...["cancel", "get", "list", "results", "retry", "watch"].map((name) => `batches ${name}`),
        "completion",
        "config",
        "demo",
        "health",
        ...["cancel", "explain", "get", "list", "logs", "retry", "watch"].map((name) => `jobs ${name}`),
        ...["create", "list", "revoke"].map((name) => `keys ${name}`),
        "dock",
        ...["apply", "check", "explain", "history", "init", "plan", "undo"].map((name) => `doctor ${name}`),
        "kinds",
        "migrate",
        ...["limit", "list", "pause", "resume"].map((name) => `queues ${name}`),
        "result",
        "scan",
        ...["create", "delete", "list", "pause", "resume"].map((name) => `schedules ${name}`),
        "server",
        "submit",
        "up",
        "worker",
        "workers list",
      ].sort(),
    );
  });

  it("each have a summary, an example and, unless they are groups, --json", () => {
    for (const command of allCommands()) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      command.configureOutput({ writeOut: terminal.write });
      if (command === program) continue;
      expect(command.summary(), command.name()).not.toBe("");
      expect(help, command.name()).toMatch(/Examples?:\n {2}\$ .*lockstep/);
      if (command.commands.length === 0) expect(help, command.name()).toContain("--json");
    }
  });

  it.each([
    [["nonsense"]],
    [["jobs", "nonsense"]],
    [["submit"]],
    [["submit", "scan", "--nonsense"]],
    [["submit", "scan", "--priority", "high"]],
    [["submit", "scan", "--run-at", "tomorrow"]],
    [["jobs", "list", "--status", "done"]],
    [["keys", "create", "x", "--role", "king"]],
    [["completion", "tcsh"]],
    [["scan", ".", "--timeout", "-1"]],
  ])("%j is a wrong call", async (argv) => {
    await expect(program.parseAsync(argv, { from: "user" })).rejects.toThrow(CommanderError);
  });
});

describe("the completion scripts", () => {
  it.each(SHELLS.filter((shell) => spawnSync(shell, ["-c", "true"]).status === 0))(
    "%s can read its script",
    (shell) => {
      const file = join(mkdtempSync(join(tmpdir(), "lockstep-completion-")), `lockstep.${shell}`);
      writeFileSync(file, completionScript(shell, program));
      const { status, stderr } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
      rmSync(dirname(file), { recursive: true });
      expect(stderr).toBe("");
      expect(status).toBe(0);
    },
  );

  function bashOffers(line: string): string[] {
    const words = line.split(" ");
    const script = `${completionScript("bash", program)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _lockstep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync("bash", ["--norc"], { input: script, encoding: "utf8" })
      .stdout.split("\n")
      .filter((word) => word !== "");
  }

  it.each([
    ["lockstep ", ["up", "jobs", "scan", "--help"]],
    ["lockstep jo", ["jobs"]],
    ["lockstep jobs ", ["list", "watch", "cancel"]],
    ["lockstep jobs list --st", ["--status"]],
    ["lockstep keys create x --role ", ["read", "submit", "operate", "work", "admin"]],
  ])("in bash, %j is completed", (line, words) => {
    expect(bashOffers(line)).toEqual(expect.arrayContaining(words));
  });

  it("in bash, the value of a flag without choices is left to file names", () => {
    expect(bashOffers("lockstep submit scan --input ")).toEqual([]);
  });
});
