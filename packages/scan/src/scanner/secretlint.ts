import { createRequire } from "node:module";
import { lintSource } from "@secretlint/core";
import { rules as presetRules } from "@secretlint/secretlint-rule-preset-recommend";
import type { RawFinding } from "../report/finding.js";
import { secretFacts } from "../rules/secret-table.js";
import { secretValues, serviceAccountValues } from "./secret-values.js";
import { rawSnippet } from "./snippet.js";
import type { SourceFile } from "./source-file.js";

const RULE_PREFIX = "@secretlint/secretlint-rule-";

type Config = Parameters<typeof lintSource>[0]["options"]["config"];

/**
 * The preset's rules one by one, without the rule that obeys `secretlint-disable` comments: such
 * comments would let a scanned tree hide its secrets. (The whole preset runs that rule even when it
 * is configured as disabled.)
 */
const CONFIG: Config = {
  rules: presetRules
    .filter((rule) => rule.meta.id !== `${RULE_PREFIX}filter-comments`)
    .map((rule) => ({ id: rule.meta.id, rule }) as Config["rules"][number]),
};

export const secretlintVersion: string = createRequire(import.meta.url)(
  "@secretlint/core/package.json",
).version;

/** Finds secrets in any text, by secretlint's recommended rules. */
export async function findSecrets(file: SourceFile): Promise<RawFinding[]> {
  const result = await lintSource({
    source: { filePath: file.absolutePath, content: file.text, ext: file.extension, contentType: "text" },
    options: { config: CONFIG, noPhysicFilePath: false },
  });
  return result.messages.map((message) => {
    const name = message.ruleId.replace(RULE_PREFIX, "");
    const { start, end } = message.loc;
    return {
      ...secretFacts(name),
      file: file.path,
      start_line: start.line,
      end_line: end.line,
      start_column: start.column + 1,
      snippet: rawSnippet(file.lines, start.line, end.line),
      message: `found by the rule ${name}`,
      rule: `secretlint/${name}`,
      scanner: "secretlint",
      help_url: message.docsUrl ?? null,
      secrets:
        message.messageId === "PrivateKeyJSON" ? serviceAccountValues(file.text) : valuesOf(message, file),
    };
  });
}

/**
 * The texts to mask. A message carries the secret in its data. The range is only a fallback: the
 * AWS rule starts it at the variable's name, so it ends inside the secret.
 */
function valuesOf(
  { data, range }: { data?: object; range: readonly [number, number] },
  file: SourceFile,
): string[] {
  const reported = Object.values(data ?? {}).filter((value): value is string => typeof value === "string");
  const present = reported.filter((value) => value !== "" && file.text.includes(value));
  return (present.length > 0 ? present : [file.text.slice(...range)]).flatMap(secretValues);
}
