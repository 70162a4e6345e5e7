import { isFileId } from "lockstep/internal/artifacts";
import { z } from "zod";
import { type Checked, checkGitRef, checkGitUrl, GIT_REF_MAX, GIT_URL_MAX } from "./target/git-url.js";
import { folderInRoots, PATH_MAX } from "./target/roots.js";

export const SCANNERS = ["secretlint", "eslint", "semgrep", "gitleaks", "trivy"] as const;
export type ScannerName = (typeof SCANNERS)[number];

const PATTERNS_MAX = 100;
const PATTERN_MAX = 200;

export interface InputOptions {
  readonly roots: readonly string[];
  readonly allowPrivateAddresses: boolean;
}

/**
 * The scan's input: exactly one of `path`, `file` and `git`. It is one flat object, so that every
 * issue has a pointer to its own member. Everything that can be checked without the network is
 * checked here, at submit.
 */
export function scanInput({ roots, allowPrivateAddresses }: InputOptions) {
  const patterns = z
    .array(z.string().min(1).max(PATTERN_MAX).superRefine(validateWith(checkPattern)))
    .max(PATTERNS_MAX);
  return z
    .strictObject({
      path: z
        .string()
        .min(1)
        .max(PATH_MAX)
        .superRefine(validateWith((path) => folderInRoots(path, roots)))
        .describe("A folder on the machine that scans, inside the folders that may be scanned.")
        .optional(),
      file: z
        .string()
        .superRefine(
          validateWith((id) =>
            isFileId(id) ? { ok: true, value: id } : { ok: false, issue: "is not the id of a file" },
          ),
        )
        .describe("The id of an uploaded archive: zip, tar or tar.gz.")
        .optional(),
      git: z
        .string()
        .max(GIT_URL_MAX)
        .superRefine(validateWith((url) => checkGitUrl(url, allowPrivateAddresses)))
        .describe("The https URL of a git repository that needs no credentials.")
        .optional(),
      ref: z
        .string()
        .max(GIT_REF_MAX)
        .superRefine(validateWith(checkGitRef))
        .describe("A branch, a tag or a commit. Default: the default branch.")
        .optional(),
      include: patterns.describe("Only files that match one of these, written as in .gitignore.").optional(),
      exclude: patterns.describe("No file that matches one of these, written as in .gitignore.").optional(),
      scanners: z
        .array(z.enum(SCANNERS))
        .min(1)
        .max(SCANNERS.length)
        .describe("Default: all that are available.")
        .optional(),
    })
    .superRefine((input, context) => {
      const targets = (["path", "file", "git"] as const).filter((name) => input[name] !== undefined);
      if (targets.length === 0)
        context.addIssue({ code: "custom", message: "needs one of path, file and git" });
      for (const extra of targets.slice(1))
        context.addIssue({ code: "custom", path: [extra], message: `cannot be combined with ${targets[0]}` });
      if (input.ref !== undefined && input.git === undefined)
        context.addIssue({ code: "custom", path: ["ref"], message: "is only for git" });
    });
}

export type ScanInput = z.output<ReturnType<typeof scanInput>>;

function validateWith(check: (text: string) => Checked<unknown>) {
  return (text: string, context: z.RefinementCtx) => {
    const checked = check(text);
    if (!checked.ok) context.addIssue({ code: "custom", message: checked.issue });
  };
}

/**
 * A pattern becomes a regular expression; many wildcards in one pattern would make it slow on
 * crafted names.
 */
function checkPattern(pattern: string): Checked<string> {
  if (/\p{Cc}/u.test(pattern)) return { ok: false, issue: "holds a control character" };
  if ((pattern.match(/\*+/g) ?? []).length > 4) return { ok: false, issue: "has more than four wildcards" };
  return { ok: true, value: pattern };
}
