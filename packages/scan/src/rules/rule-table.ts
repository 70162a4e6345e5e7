import { EXPOSURE_ROWS } from "./exposure-rows.js";
import { INJECTION_ROWS } from "./injection-rows.js";
import type { RuleFacts, RuleRow, RuleRows } from "./row.js";
import { SECRECY_ROWS } from "./secrecy-rows.js";

/**
 * Severity, kind and weakness of the rules that are about security. What is not here is a bug or a matter of style,
 * and ranked low.
 */
const ROWS: RuleRows = { ...INJECTION_ROWS, ...SECRECY_ROWS, ...EXPOSURE_ROWS };

/** Families of rules named by the start of their name. */
const FAMILIES: readonly (readonly [prefix: string, row: RuleRow])[] = [
  [
    "sonarjs/aws-",
    [
      "medium",
      "configuration",
      732,
      "Cloud resource open or not encrypted",
      "Close it to the public, grant the least rights and encrypt it.",
    ],
  ],
];

/** What is known of a security rule; null for every other. @param rule such as `sonarjs/hashing` */
export function securityFacts(rule: string): RuleFacts | null {
  const row = ROWS[rule] ?? FAMILIES.find(([prefix]) => rule.startsWith(prefix))?.[1];
  if (!row) return null;
  const [severity, category, cwe, title, recommendation] = row;
  return { title, severity, category, cwe: cwe === null ? null : `CWE-${cwe}`, recommendation };
}

/** Every rule with a row of its own: a test holds them against the rules there are. */
export const SECURITY_RULES: readonly string[] = Object.keys(ROWS);
