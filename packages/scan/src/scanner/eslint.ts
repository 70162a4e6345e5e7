import { createRequire } from "node:module";
import * as parser from "@typescript-eslint/parser";
import { Linter } from "eslint";
import security from "eslint-plugin-security";
import { configs as sonarConfigs, rules as sonarRules } from "eslint-plugin-sonarjs";
import { byImportance, type RawFinding } from "../report/finding.js";
import type { RuleFacts } from "../rules/row.js";
import { securityFacts } from "../rules/rule-table.js";
import { quotedValues } from "./secret-values.js";
import { rawSnippet } from "./snippet.js";
import type { SourceFile } from "./source-file.js";

const EXTENSIONS = new Set([".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"]);
const FAILED_RULES_MAX = 20;
const plugins = { sonarjs: { rules: sonarRules }, security };

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => require(`${name}/package.json`).version;

export const eslintVersion = `${Linter.version} (sonarjs ${versionOf("eslint-plugin-sonarjs")}, security ${versionOf("eslint-plugin-security")})`;

/**
 * The rules that the two plugins recommend. The security plugin gives all its rules the same level,
 * so all are enabled.
 */
const RULES: Linter.RulesRecord = {
  ...Object.fromEntries(
    Object.entries(sonarConfigs.recommended.rules ?? {}).flatMap(([name, level]) =>
      level === undefined || level === "off" ? [] : [[name, level] as const],
    ),
  ),
  ...Object.fromEntries(Object.keys(security.rules ?? {}).map((name) => [`security/${name}`, "error"])),
};

/** Finds problems in one file of JavaScript or TypeScript. @param root the scanned folder */
export type LintScript = (file: SourceFile) => RawFinding[];

/**
 * ESLint with only our rules: the scanned project's configuration, plugins and code are never
 * loaded, and its `eslint-disable` comments are ignored, because they would let a scanned tree hide
 * its problems. It runs without a type checker, which would read the project's tsconfig; rules that
 * need types report nothing.
 */
export function createLinter(root: string): LintScript {
  const linter = new Linter({ configType: "flat", cwd: root });
  return (file) => {
    if (!EXTENSIONS.has(file.extension)) return [];
    const findings = verify(linter, file, RULES, FAILED_RULES_MAX).map((message) => toFinding(message, file));
    return withoutTwins(findings.sort(byImportance));
  };
}

/** A rule that throws on a file is skipped for that file; the others still run. */
function verify(
  linter: Linter,
  file: SourceFile,
  rules: Linter.RulesRecord,
  triesLeft: number,
): Linter.LintMessage[] {
  const config: Linter.Config = {
    files: ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"],
    languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: !/\.[mc]?ts$/.test(file.extension) } } },
    plugins,
    rules,
  };
  try {
    return linter.verify(file.text, [config], { filename: file.absolutePath, allowInlineConfig: false });
  } catch (error) {
    const rule = error instanceof Error && "ruleId" in error ? String(error.ruleId) : "";
    if (!(rule in rules) || triesLeft === 0) throw error;
    return verify(linter, file, { ...rules, [rule]: "off" }, triesLeft - 1);
  }
}

function toFinding(message: Linter.LintMessage, file: SourceFile): RawFinding {
  const rule = message.ruleId ?? "eslint/not-parsed";
  const start = Math.max(message.line, 1);
  const end = Math.max(message.endLine ?? start, start);
  const facts = securityFacts(rule) ?? otherFacts(rule, message.message);
  return {
    ...facts,
    file: file.path,
    start_line: start,
    end_line: end,
    start_column: Math.max(message.column, 1),
    snippet: rawSnippet(file.lines, start, end),
    message: message.message,
    rule,
    scanner: "eslint",
    help_url: docsOf(rule)?.url ?? null,
    secrets: facts.category === "secret" ? quotedValues(file.lines.slice(start - 1, end).join("\n")) : [],
  };
}

function otherFacts(rule: string, message: string): RuleFacts {
  if (rule === "eslint/not-parsed") {
    const recommendation =
      "The rules for JavaScript and TypeScript did not check this file; correct its syntax.";
    return {
      title: "File could not be parsed",
      severity: "info",
      category: "maintainability",
      cwe: null,
      recommendation,
    };
  }
  const isBug = ruleMeta(rule)?.type === "problem";
  return {
    title: message,
    severity: isBug ? "low" : "info",
    category: isBug ? "bug" : "maintainability",
    cwe: null,
    recommendation: docsOf(rule)?.description ?? "See the rule's documentation.",
  };
}

/**
 * Keeps one of several findings with the same weakness on the same line.
 * @param findings most severe first
 */
function withoutTwins(findings: readonly RawFinding[]): RawFinding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    if (finding.cwe === null) return true;
    const place = `${finding.start_line} ${finding.cwe}`;
    return seen.has(place) ? false : seen.add(place);
  });
}

function ruleMeta(rule: string) {
  const [plugin, name] = rule.split("/");
  const known = plugin === "security" ? security.rules : sonarRules;
  return (
    known as Record<string, { meta?: { type?: string; docs?: { description?: string; url?: string } } }>
  )[name ?? ""]?.meta;
}

const docsOf = (rule: string) => ruleMeta(rule)?.docs;
