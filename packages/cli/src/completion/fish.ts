import type { Flag, Place } from "./tree.js";

/** A completion script for fish. */
export function fishCompletion(places: readonly Place[]): string {
  return `# fish completion for lockstep; load it with: lockstep completion fish | source
function __lockstep_at
  set -l words (commandline -opc)
  set -e words[1]
  set -l path
  for word in $words
    string match -q -- '-*' $word; or set -a path $word
  end
  test "$path" = "$argv"
end
function __lockstep_under
  set -l words (commandline -opc)
  set -e words[1]
  set -l count (count $argv)
  test (count $words) -ge $count; or return 1
  test $count -eq 0; or test "$words[1..$count]" = "$argv"
end
${places.flatMap(placeLines).join("\n")}
`;
}

function placeLines({ path, commands, flags }: Place): readonly string[] {
  const at = (test: string) => `complete -c lockstep -n '${[test, ...path].join(" ")}'`;
  return [
    ...commands.map(({ word, summary }) => `${at("__lockstep_at")} -f -a ${word} -d '${summary}'`),
    ...flags.map(
      (flag) => `${at(path.length === 0 ? "__lockstep_at" : "__lockstep_under")} ${flagText(flag)}`,
    ),
  ];
}

function flagText({ words, summary, takesValue, choices }: Flag): string {
  const names = words.map((word) => (word.startsWith("--") ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`));
  const value = choices.length > 0 ? [`-x -a '${choices.join(" ")}'`] : takesValue ? ["-r"] : [];
  return [...names, ...value, `-d '${summary}'`].join(" ");
}
