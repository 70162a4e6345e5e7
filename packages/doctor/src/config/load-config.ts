import { type Issue, LockstepError } from "lockstep/internal/errors";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { DoctorConfig, validateNames } from "./doctor-config.js";

export type { DoctorConfig };

const BYTES_MAX = 1_000_000;

/**
 * Parses the text of a configuration file: YAML, which includes JSON. `${NAME}` stands for an
 * environment variable, so passwords need not be in the file.
 * @throws LockstepError INVALID_CONFIG that lists all problems at once
 */
export function parseDoctorConfig(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): DoctorConfig {
  if (text.length > BYTES_MAX) throw invalid([{ pointer: "", detail: "the file is over 1 MB" }]);
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0)
    throw invalid(
      // Errors after the first syntax error are mostly caused by it.
      document.errors
        .slice(0, 1)
        .map((error) => ({ pointer: "", detail: error.message.split("\n")[0] ?? "" })),
    );
  const issues: Issue[] = [];
  const filled = fillIn(document.toJS({ maxAliasCount: 20 }), "", environment, issues);
  const parsed = DoctorConfig.safeParse(filled);
  // A missing variable is reported once, not also as an invalid value.
  const unset = new Set(issues.map(({ pointer }) => pointer));
  if (!parsed.success)
    issues.push(...parsed.error.issues.flatMap(toIssues).filter(({ pointer }) => !unset.has(pointer)));
  issues.push(...validateNames(filled));
  if (issues.length > 0 || !parsed.success) throw invalid(issues);
  return parsed.data;
}

function invalid(issues: readonly Issue[]): LockstepError {
  const list = issues.map(({ pointer, detail }) => (pointer ? `${pointer} ${detail}` : detail)).join("; ");
  return new LockstepError("INVALID_CONFIG", `the doctor's configuration is not valid: ${list}`, { issues });
}

function toIssues(issue: z.core.$ZodIssue): Issue[] {
  const pointer = issue.path.map((part) => `/${String(part)}`).join("");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ pointer: `${pointer}/${key}`, detail: "is not a known member" }));
  return [{ pointer, detail: issue.message }];
}

function fillIn(
  value: unknown,
  pointer: string,
  environment: Readonly<Record<string, string | undefined>>,
  issues: Issue[],
): unknown {
  if (typeof value === "string")
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_all, name: string) => {
      const found = environment[name];
      if (found === undefined || found === "")
        issues.push({ pointer, detail: `needs the variable ${name}, which is not set` });
      return found ?? "";
    });
  if (Array.isArray(value))
    return value.map((item, index) => fillIn(item, `${pointer}/${index}`, environment, issues));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillIn(item, `${pointer}/${key}`, environment, issues)]),
  );
}
