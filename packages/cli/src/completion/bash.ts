import type { Flag, Place } from "./tree.js";

/**
 * A completion script for bash 4 or newer. After a flag that takes a value it offers the choices,
 * or file names.
 */
export function bashCompletion(places: readonly Place[]): string {
  const parents = places.filter(({ commands }) => commands.length > 0);
  return `# bash completion for lockstep; load it with: source <(lockstep completion bash)
_lockstep() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path="" word
  local -i index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "$path $word" in
${parents.flatMap(({ path, commands }) => commands.map(({ word }) => `      "${["", ...path].join(" ")} ${word}") path="$path $word" ;;`)).join("\n")}
    esac
  done
  case "$path:$previous" in
${places.flatMap(({ path, flags }) => flags.filter(({ takesValue }) => takesValue).map((flag) => valueCase(path, flag))).join("\n")}
  esac
  case "$path" in
${places.map((place) => `    "${["", ...place.path].join(" ").trimEnd()}") COMPREPLY=($(compgen -W "${words(place)}" -- "$current")) ;;`).join("\n")}
  esac
}
complete -o default -F _lockstep lockstep
`;
}

function valueCase(path: readonly string[], flag: Flag): string {
  const pattern = flag.words.map((word) => `"${path.map((step) => ` ${step}`).join("")}:${word}"`).join("|");
  const reply =
    flag.choices.length > 0
      ? `COMPREPLY=($(compgen -W "${flag.choices.join(" ")}" -- "$current"))`
      : "COMPREPLY=()";
  return `    ${pattern}) ${reply}; return ;;`;
}

function words({ commands, flags }: Place): string {
  return [...commands.map(({ word }) => word), ...flags.flatMap((flag) => flag.words)].join(" ");
}
