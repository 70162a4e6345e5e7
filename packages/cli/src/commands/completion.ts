import { Argument, type Command } from "commander";
import { type CliSession, defineCommand } from "../command.js";
import { completionScript, SHELLS, type Shell } from "../completion/index.js";

export function completionCommand(session: CliSession): Command {
  const command = defineCommand(session, {
    name: "completion",
    summary: "Print a completion script for a shell",
    examples: [
      "source <(lockstep completion bash)                                  # or in ~/.bashrc",
      "lockstep completion zsh > ~/.zfunc/_lockstep                         # a folder of fpath",
      "lockstep completion fish > ~/.config/fish/completions/lockstep.fish",
    ],
    run({ args, terminal, json }) {
      const shell = args[0] as Shell;
      const script = completionScript(shell, rootOf(command));
      if (json) terminal.json({ schema: "lockstep.completion/1", shell, script });
      else terminal.write(script);
      return undefined;
    },
  });
  return command.addArgument(new Argument("<shell>", "the shell").choices(SHELLS));
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
