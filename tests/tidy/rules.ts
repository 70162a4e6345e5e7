import type { TreeFile } from "./tree.js";

/** Something that the tree must not contain. */
export interface Rule {
  /** The end of "the tree has ...". */
  readonly name: string;
  readonly because: string;
  readonly applies: (path: string) => boolean;
  /** What is wrong with the text; empty when nothing is. */
  readonly issues: (text: string) => readonly string[];
  /** A file that breaks the rule. The tests show that the rule reports it. */
  readonly broken: TreeFile;
}

export const LINES_MAX = 300;

const isGenerated = (path: string) => /\.generated\.|\/schema\.d\.ts$/.test(path);
const isCode = (path: string) =>
  /^(packages\/[^/]+\/(src|test)|tests|bench|chaos|scripts)\/.*\.(ts|mjs|cjs|sql|lua)$/.test(path) &&
  !isGenerated(path);
const isSource = (path: string) =>
  /^packages\/[^/]+\/src\/.*\.(ts|sql)$/.test(path) && !path.endsWith(".test.ts") && !isGenerated(path);

/** Lines that match, with their numbers. */
function matches(text: string, pattern: RegExp): string[] {
  const found: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (pattern.test(line)) found.push(`line ${index + 1}: ${line.trim().slice(0, 100)}`);
  }
  return found;
}

// Built from halves, so that this file does not match itself.
const MARKER = new RegExp(`\\b(TO${"DO"}|FIX${"ME"}|XX${"X"}|HA${"CK"})\\b`);
const HOME = new RegExp(`(?<![\\w.-])/(wo${"rk"}|ro${"ot"}|ho${"me"}|Use${"rs"})/\\w`);
const TABLES = "(jobs|transitions|late_results)";
const CHANGES_JOBS = new RegExp(
  `\\b(update(\\s+only)?|insert\\s+into|delete\\s+from(\\s+only)?|merge\\s+into|truncate(\\s+table)?|alter\\s+table)\\s+("?\\w+"?\\.)?"?${TABLES}\\b`,
  "i",
);

/**
 * Words that belong to one workload, and patterns for a kind whose name is also an ordinary word.
 */
const OF_A_WORKLOAD = [
  /\b(dock(s|ed|ing|ings)?|ligands?|receptors?|smiles|vina|obabel|poses?|sdf|compounds?|molecules?)\b/i,
  /["'`]scan["'`]|\b(lockstep|submit|--kind) scan\b|\bkind\W{1,4}scan\b|\bscan(Roots|Job|AllowPrivate)\b|SCAN_(ROOTS|ALLOW)/,
  /\bworkloads\/\w|\bkinds\/(?!registry|kind-page|\d)\w/,
];
/** The one list of workloads. */
const WORKLOAD_LIST = "packages/cli/src/workloads.ts";
const knowsNoWorkload = (path: string) =>
  /^packages\/(?!scan\/|docking\/)[^/]+\/src\/.*\.(tsx?|css|sql|lua)$/.test(path) &&
  !/^packages\/page\/src\/kinds\/[^/]+\/|\.test\.ts$|schema\.d\.ts$/.test(path) &&
  path !== WORKLOAD_LIST;

// The words of the first edition that nobody else uses. Put together from halves as well.
const DIALECT = new RegExp(
  `\\b(a${"new"}|who${"ever"}|he${"eds?"}|(is|are|was|were) to${"ld"}|for go${"od"}|me${"nds?"}|me${"nded"}|amn${"esty"}|str${"ays?"}|kee${"per"})\\b`,
  "i",
);

export const RULES: readonly Rule[] = [
  {
    name: "no word of a workload outside its folders",
    because: "code that names one kind of job would have to change for the next kind",
    applies: knowsNoWorkload,
    issues: (text) => OF_A_WORKLOAD.flatMap((words) => matches(text, words)),
    broken: {
      path: "packages/page/src/submit/submit-form.tsx",
      text: `const hasBox = kind === "dock${"ing"}";`,
    },
  },
  {
    name: `no file over ${LINES_MAX} lines`,
    because: "a longer file holds more than one idea",
    // The schema in one place, by topic.
    applies: (path) => isCode(path) && !path.endsWith("/migrations/0001_schema.sql"),
    issues: (text) => {
      const lines = text.trimEnd().split("\n").length;
      return lines > LINES_MAX ? [`has ${lines} lines`] : [];
    },
    broken: { path: "packages/lockstep/src/worker/worker.ts", text: "x;\n".repeat(LINES_MAX + 1) },
  },
  {
    name: "no process.env outside packages/cli/src/config.ts",
    because: "configuration is read and checked in one place, so that `lockstep config` can show all of it",
    applies: (path) => isSource(path) && path !== "packages/cli/src/config.ts",
    issues: (text) => matches(text, /\bprocess\s*(\.\s*env\b|\[["']env)|\benv\b.*from "node:process"/),
    broken: { path: "packages/lockstep/src/worker/worker.ts", text: "const home = process.env.HOME;" },
  },
  {
    name: "no import of the packages in the oracle",
    because: "an oracle that shares code with the program it checks shares its mistakes",
    applies: (path) => /^chaos\/(oracle|history|client|faults)\//.test(path),
    issues: (text) => matches(text, /from ["'](lockstep|@lockstep\/|[./]+\/packages\/)/),
    broken: { path: "chaos/oracle/views.ts", text: `import { TRANSITIONS } from "lockstep/internal/job";` },
  },
  {
    name: "no note to finish something later",
    because: "missing work belongs in the tracker, where people see it",
    applies: () => true,
    issues: (text) => matches(text, MARKER),
    broken: { path: "docs/x.md", text: `TO${"DO"}: write this` },
  },
  {
    name: "no console outside the command line",
    because: "a library that prints cannot be used in another program",
    applies: (path) =>
      /^(packages|tests)\//.test(path) && path.endsWith(".ts") && !path.startsWith("packages/cli/src/"),
    issues: (text) => matches(text, /\bconsole\s*[.[]/),
    broken: { path: "packages/lockstep/src/worker/worker.ts", text: `  console${"."}log("done");` },
  },
  {
    name: "no change of a job outside the ledger",
    because: "a status written in two places can be wrong",
    applies: (path) => isSource(path) && !path.startsWith("packages/lockstep/src/ledger/"),
    // The whole text at once: a statement may continue on the next line after its verb.
    issues: (text) => [...text.matchAll(new RegExp(CHANGES_JOBS, "gi"))].map((match) => match[0]),
    broken: {
      path: "packages/server/src/routes/jobs.ts",
      text: "`update\n public.jobs set status = 'completed'`",
    },
  },
  {
    name: "no path on one person's machine",
    because: "it means nothing on another machine",
    applies: () => true,
    issues: (text) => matches(text, HOME),
    broken: { path: "docs/x.md", text: `cd /ho${"me"}/ada/lockstep` },
  },
  {
    name: "no sleep in a test",
    because: "it is too short on a busy machine and too long on any other; wait for a condition instead",
    applies: (path) => path.endsWith(".test.ts"),
    issues: (text) =>
      matches(
        text,
        /\bsleep\s*\(|setTimeout\(\s*(resolve|r|done)\b|\bsetTimeout\b.*from "node:timers\/promises"/,
      ),
    broken: {
      path: "tests/x.test.ts",
      text: `await new Promise((resolve) => set${"Timeout"}(resolve, 500));`,
    },
  },
  {
    name: "no separate deadline in a test",
    because:
      "a deadline that works on an idle machine fails on a busy one; all of them are in tests/runner/deadline.ts",
    applies: (path) => path.endsWith(".test.ts") || /^(tests|packages\/[^/]+\/test)\/.*\.ts$/.test(path),
    issues: (text) => matches(text, /\b(test|hook)Timeout: \d|\bdeadlineMs: \d[\d_]{4}|^\s*\}, \d+_000\);/),
    broken: { path: "tests/x.test.ts", text: `}, ${"60_000"});` },
  },
  {
    name: "no speed asserted in a test",
    because: "a busy machine is slow but correct; count what is done, or assert the order",
    applies: (path) => path.endsWith(".test.ts"),
    issues: (text) => matches(text, /\bnow\(\) - \w+\)\.toBeLess|\b(elapsed|took)\w*\)\.toBeLess/),
    broken: { path: "tests/x.test.ts", text: `expect(performance.now() - began)${".toBeLess"}Than(500);` },
  },
  {
    name: "no comment over 100 columns",
    because: "a longer line is not read beside the code, and not at all in a narrow window",
    applies: isCode,
    issues: (text) => matches(text, /^(?=.{101})\s*(\/\/(?! biome-ignore)|\/?\*|--\s)(?!.*\|.*\|)/),
    broken: { path: "packages/lockstep/src/worker/worker.ts", text: `// ${"long ".repeat(20)}` },
  },
  {
    name: "no word of a private dialect",
    because: "engineers search for the field's words, and many read English as a second language",
    applies: (path) => isCode(path) || path.endsWith(".md") || path.endsWith(".tsx"),
    issues: (text) => matches(text, DIALECT),
    broken: { path: "docs/x.md", text: `The worker is to${"ld"} a${"new"}.` },
  },
];

export const FORBIDDEN_FOLDERS = ["types", "utils", "util", "helpers", "common", "shared", "misc", "lib"];
