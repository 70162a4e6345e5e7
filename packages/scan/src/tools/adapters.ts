import { join } from "node:path";
import type { Category, Severity } from "../report/finding.js";

/** The environment of a tool's run. */
export interface ToolPlace {
  /** The scanned folder. */
  readonly root: string;
  /** A private folder for the tool's files. */
  readonly work: string;
  /** The file to which the tool must write its SARIF report. */
  readonly report: string;
  /** A folder or file with rules for semgrep; null: none. */
  readonly semgrepRules: string | null;
  /** Where trivy keeps its databases. */
  readonly trivyCache: string;
  /** Whether trivy's vulnerability database is present; it must not be downloaded. */
  readonly hasTrivyDatabase: boolean;
}

/** How a SARIF tool is called: without a shell, the network and the scanned project's settings. */
export interface ToolAdapter {
  readonly name: "semgrep" | "gitleaks" | "trivy";
  readonly versionArgs: readonly string[];
  /** Why it cannot run here; null when it can. */
  cannotRun(place: ToolPlace): string | null;
  /** Files to write into the work folder before it runs, by name. */
  readonly prepare: Readonly<Record<string, string>>;
  args(place: ToolPlace): readonly string[];
  /** Settings that older versions do not know as flags and ignore as variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that mean the report is complete. */
  readonly goodCodes: readonly number[];
  /** The category of a result when the report itself does not name one. */
  readonly fallback: { readonly severity: Severity; readonly category: Category };
}

export const TOOL_ADAPTERS: readonly ToolAdapter[] = [
  {
    // https://semgrep.dev/docs/cli-reference
    name: "semgrep",
    versionArgs: ["--version"],
    cannotRun: ({ semgrepRules }) =>
      semgrepRules === null ? "no rules on this machine: it would fetch them from the network" : null,
    prepare: {},
    args: ({ root, report, semgrepRules }) => [
      "scan",
      "--sarif",
      `--output=${report}`,
      `--config=${semgrepRules}`,
      "--metrics=off",
      "--disable-version-check",
      "--disable-nosem",
      "--no-git-ignore",
      "--quiet",
      "--jobs=1",
      root,
    ],
    env: { SEMGREP_SEND_METRICS: "off" },
    goodCodes: [0, 1],
    fallback: { severity: "medium", category: "bug" },
  },
  {
    // https://github.com/gitleaks/gitleaks#usage. A file names its default rules, otherwise it
    // would use the project's.
    name: "gitleaks",
    versionArgs: ["version"],
    cannotRun: () => null,
    prepare: { "gitleaks.toml": "[extend]\nuseDefault = true\n" },
    args: ({ root, work, report }) => [
      "dir",
      root,
      `--config=${join(work, "gitleaks.toml")}`,
      `--gitleaks-ignore-path=${work}`,
      "--ignore-gitleaks-allow",
      "--report-format=sarif",
      `--report-path=${report}`,
      "--no-banner",
      "--exit-code=0",
    ],
    env: {},
    goodCodes: [0],
    fallback: { severity: "high", category: "secret" },
  },
  {
    // https://trivy.dev/latest/docs/references/configuration/cli/trivy_filesystem/
    name: "trivy",
    versionArgs: ["--version"],
    cannotRun: () => null,
    prepare: { "trivy.yaml": "", trivyignore: "" },
    args: ({ root, work, report, trivyCache, hasTrivyDatabase }) => [
      "filesystem",
      "--format=sarif",
      `--output=${report}`,
      `--config=${join(work, "trivy.yaml")}`,
      `--ignorefile=${join(work, "trivyignore")}`,
      `--cache-dir=${trivyCache}`,
      "--offline-scan",
      "--skip-db-update",
      "--skip-java-db-update",
      hasTrivyDatabase ? "--scanners=vuln,secret,misconfig" : "--scanners=secret,misconfig",
      "--quiet",
      "--exit-code=0",
      root,
    ],
    env: {
      TRIVY_SKIP_CHECK_UPDATE: "true",
      TRIVY_SKIP_VERSION_CHECK: "true",
      TRIVY_DISABLE_TELEMETRY: "true",
    },
    goodCodes: [0],
    fallback: { severity: "medium", category: "dependency" },
  },
];
