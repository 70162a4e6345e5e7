import ignore, { type Ignore } from "ignore";

const LINES_MAX = 10_000;
const LINE_MAX = 1_000;

/**
 * The ignore rules that apply in one folder: its own `.gitignore` and those of its parent folders,
 * up to the scanned folder. As in git, the rule nearest to a file decides, and nothing inside an
 * ignored folder can be included again.
 */
export interface IgnoreRules {
  /** @param path relative to the scanned folder, with `/` */
  ignores(path: string, isFolder: boolean): boolean;
  /**
   * The rules inside a folder with this `.gitignore`.
   * @param folder relative, without a trailing `/`
   */
  inside(folder: string, gitignore: string): IgnoreRules;
}

export const NO_RULES: IgnoreRules = rules([]);

interface Layer {
  /** Relative to the scanned folder: `""` or ending with `/`. */
  readonly base: string;
  readonly matcher: Ignore;
}

function rules(layers: readonly Layer[]): IgnoreRules {
  return {
    ignores(path, isFolder) {
      for (const { base, matcher } of layers) {
        const inner = path.slice(base.length);
        const verdict = matcher.test(`${inner}${isFolder ? "/" : ""}`);
        if (verdict.unignored) return false;
        if (verdict.ignored && !ignoresParent(matcher, inner)) return true;
      }
      return false;
    },
    inside(folder, gitignore) {
      const lines = gitignore.split(/\r?\n/, LINES_MAX).filter((line) => line.length <= LINE_MAX);
      return rules([{ base: folder === "" ? "" : `${folder}/`, matcher: ignore().add(lines) }, ...layers]);
    },
  };
}

/**
 * Whether a layer ignores the folder that contains a path. The folder is being visited, so a nearer
 * layer has included it again, and the rules of this layer no longer apply to its content.
 */
function ignoresParent(matcher: Ignore, path: string): boolean {
  const end = path.lastIndexOf("/");
  return end > 0 && matcher.test(path.slice(0, end + 1)).ignored;
}

/**
 * Whether a path matches lists of patterns in `.gitignore` syntax. An empty `include` matches
 * everything.
 */
export function pathFilter(
  include: readonly string[],
  exclude: readonly string[],
): (path: string) => boolean {
  const wanted = include.length > 0 ? ignore().add(include) : null;
  const unwanted = ignore().add(exclude);
  return (path) => (wanted === null || wanted.ignores(path)) && !unwanted.ignores(path);
}
