import type { Category, Severity } from "../report/finding.js";

/** The meaning of a rule's finding, for people. */
export interface RuleFacts {
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  /** Such as `CWE-95` (https://cwe.mitre.org); null when no weakness matches. */
  readonly cwe: string | null;
  readonly recommendation: string;
}

/** The same as a row of the tables. */
export type RuleRow = readonly [
  severity: Severity,
  category: Category,
  cwe: number | null,
  title: string,
  recommendation: string,
];

/** Rows by rule name, such as `sonarjs/hashing`. */
export type RuleRows = Readonly<Record<string, RuleRow>>;
