import { EXPOSURE_ROWS } from "./exposure-rows.js";
import { INJECTION_ROWS } from "./injection-rows.js";
import type { RuleFacts, RuleRow, RuleRows } from "./row.js";
import { SECRECY_ROWS } from "./secrecy-rows.js";

/**
 * Severity, category and weakness of the security rules. A rule without a row is about bugs or
 * style and gets a low severity.
 */
const ROWS: RuleRows = { ...INJECTION_ROWS, ...SECRECY_ROWS, ...EXPOSURE_ROWS };

/** Families of rules by the prefix of their names. */
const FAMILIES: readonly (readonly [prefix: string, row: RuleRow])[] = [
  [
    "sonarjs/aws-",
    [
      "medium",
      "configuration",
      732,
      "Cloud resource open or not encrypted",
      "Block public access, grant the least privileges and encrypt it.",
    ],
  ],
];

/**
 * The facts about a security rule; null for every other rule.
 * @param rule such as `sonarjs/hashing`
 */
export function securityFacts(rule: string): RuleFacts | null {
  const row = ROWS[rule] ?? FAMILIES.find(([prefix]) => rule.startsWith(prefix))?.[1];
  if (!row) return null;
  const [severity, category, cwe, title, recommendation] = row;
  return { title, severity, category, cwe: cwe === null ? null : `CWE-${cwe}`, recommendation };
}

/** Every rule with its own row. A test compares them with the rules of the plugins. */
export const SECURITY_RULES: readonly string[] = Object.keys(ROWS);
