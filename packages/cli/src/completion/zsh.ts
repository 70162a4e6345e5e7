import type { Flag, Place } from "./tree.js";

/** A completion script for zsh. */
export function zshCompletion(places: readonly Place[]): string {
  return `#compdef lockstep
# zsh completion for lockstep; load it with: source <(lockstep completion zsh)
${places.map(placeFunction).join("\n")}
if [ "$funcstack[1]" = "_lockstep" ]; then
  _lockstep "$@"
else
  compdef _lockstep lockstep
fi
`;
}

function placeFunction({ path, commands, flags }: Place): string {
  const name = ["_lockstep", ...path].join("_");
  const specs = flags.map((flag) => `    ${flagSpec(flag)} \\`);
  if (commands.length === 0)
    return `${name}() {\n  _arguments -s \\\n${specs.join("\n")}\n    '*:argument:_files'\n}`;
  return `${name}() {
  local -a commands
  commands=(
${commands.map(({ word, summary }) => `    '${word}:${summary}'`).join("\n")}
  )
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \\
${specs.join("\n")}
    '1:command:->command' \\
    '*::argument:->argument'
  case "$state" in
    command) _describe command commands ;;
    argument) (( $+functions[${name}_$line[1]] )) && ${name}_$line[1] ;;
  esac
}`;
}

function flagSpec({ words, summary, takesValue, choices }: Flag): string {
  const value = takesValue ? `:value:${choices.length > 0 ? `(${choices.join(" ")})` : "_files"}` : "";
  const text = `[${summary}]${value}`;
  return words.length === 1 ? `'${words[0]}${text}'` : `'(${words.join(" ")})'{${words.join(",")}}'${text}'`;
}
