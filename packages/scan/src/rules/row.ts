import type { Category, Severity } from "../report/finding.js";

/** What a finding by a rule means to people. */
export interface RuleFacts {
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  /** Such as `CWE-95` (https://cwe.mitre.org); null when no weakness fits. */
  readonly cwe: string | null;
  readonly recommendation: string;
}

/** The same, as the tables hold it. */
export type RuleRow = readonly [
  severity: Severity,
  category: Category,
  cwe: number | null,
  title: string,
  recommendation: string,
];

/** By the rule's name, such as `sonarjs/hashing`. */
export type RuleRows = Readonly<Record<string, RuleRow>>;
