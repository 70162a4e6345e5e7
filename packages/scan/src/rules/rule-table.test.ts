import security from "eslint-plugin-security";
import { configs, rules as sonarRules } from "eslint-plugin-sonarjs";
import { expect, it } from "vitest";
import { SECURITY_RULES, securityFacts } from "./rule-table.js";

const known = [
  ...Object.keys(sonarRules).map((name) => `sonarjs/${name}`),
  ...Object.keys(security.rules ?? {}).map((name) => `security/${name}`),
];

it("every rule of the table exists in the plugins", () => {
  expect(SECURITY_RULES.filter((rule) => !known.includes(rule))).toEqual([]);
});

it("every rule of the security plugin is in the table", () => {
  expect(known.filter((rule) => rule.startsWith("security/") && securityFacts(rule) === null)).toEqual([]);
});

it("the table has no rule that is never enabled", () => {
  const on = new Set(
    Object.entries(configs.recommended.rules ?? {})
      .filter(([, level]) => level !== "off")
      .map(([rule]) => rule),
  );
  expect(SECURITY_RULES.filter((rule) => rule.startsWith("sonarjs/") && !on.has(rule))).toEqual([]);
});

it("a rule about secrets has the category secret, and an unknown rule is not in the table", () => {
  expect(securityFacts("sonarjs/no-hardcoded-passwords")).toMatchObject({
    category: "secret",
    severity: "high",
    cwe: "CWE-259",
  });
  expect(securityFacts("sonarjs/aws-iam-public-access")).toMatchObject({ category: "configuration" });
  expect(securityFacts("sonarjs/no-labels")).toBeNull();
});
