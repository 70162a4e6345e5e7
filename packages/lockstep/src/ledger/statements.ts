import { createHash } from "node:crypto";
import type { Statement } from "../database/index.js";
import { withColumns } from "../job/index.js";
import { TEXTS } from "./sql/texts.generated.js";

const files: Readonly<Record<string, string>> = TEXTS;
const prepared = new Map<string, Statement>();

/**
 * The statement of `sql/<name>.sql`. Its prepared name changes with its text, so that old and new
 * versions can share a pooler.
 * @throws RangeError when there is no such file
 */
export function statement(name: string): Statement {
  const known = prepared.get(name);
  if (known) return known;
  const file = files[`${name}.sql`];
  if (file === undefined) throw new RangeError(`there is no statement ${name}`);
  const text = withColumns(withoutHeader(file));
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const fresh: Statement = { name: `lockstep_${name}_${digest}`, text, ofLedger: true };
  prepared.set(name, fresh);
  return fresh;
}

/** The names of all statements, for the test that prepares every one. */
export function statementNames(): string[] {
  return Object.keys(TEXTS).map((file) => file.slice(0, -".sql".length));
}

function withoutHeader(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("--"))
    .join("\n")
    .trim();
}
