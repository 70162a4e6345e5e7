/** Why files were not scanned: an exact count for each reason, and a few examples. */
export interface Skipped {
  readonly reason: SkipReason;
  /** A skipped folder counts once: its content is not visited. */
  readonly count: number;
  /** Paths relative to the scanned folder; a folder ends with `/`. */
  readonly examples: readonly string[];
}

/** The reasons, and their wording in the output. */
export const SKIP_REASONS = {
  ignored: "ignored by .gitignore",
  excluded: "not among the requested files",
  dependency_folder: "a folder of dependencies or of a tool",
  symlink: "a symbolic link",
  special: "not a regular file",
  too_large: "larger than the limit",
  too_deep: "in folders nested deeper than the limit",
  over_count: "over the limit of files",
  bad_name: "its name is not valid UTF-8",
  unreadable: "cannot be read",
  binary: "not text",
  minified: "minified or generated",
  crashed: "crashed the scanner",
  timed_out: "took the scanner too long",
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;

const EXAMPLES_MAX = 20;

export interface Tally {
  add(reason: SkipReason, path: string): void;
  merge(skipped: readonly Skipped[]): void;
  /** Sorted by count, most first. */
  list(): Skipped[];
  total(): number;
}

export function createTally(): Tally {
  const groups = new Map<SkipReason, { count: number; examples: string[] }>();
  function addMany(reason: SkipReason, count: number, examples: readonly string[]): void {
    const group = groups.get(reason) ?? { count: 0, examples: [] };
    group.count += count;
    group.examples.push(...examples.slice(0, EXAMPLES_MAX - group.examples.length));
    groups.set(reason, group);
  }
  return {
    add: (reason, path) => addMany(reason, 1, [path]),
    merge(skipped) {
      for (const { reason, count, examples } of skipped) addMany(reason, count, examples);
    },
    list: () =>
      [...groups].map(([reason, group]) => ({ reason, ...group })).sort((a, b) => b.count - a.count),
    total: () => [...groups.values()].reduce((sum, group) => sum + group.count, 0),
  };
}
