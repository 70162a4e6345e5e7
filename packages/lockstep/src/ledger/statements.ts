import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Statement } from "../database/index.js";

const FOLDER = new URL("./sql/", import.meta.url);
const loaded = new Map<string, Statement>();

/** The statement of `sql/<name>.sql`, read once. Its prepared name changes with its text, so that old and new versions can share a pooler. */
export function statement(name: string): Statement {
  const known = loaded.get(name);
  if (known) return known;
  const text = withoutHeader(readFileSync(new URL(`${name}.sql`, FOLDER), "utf8"));
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const fresh = { name: `lockstep_${name}_${digest}`, text };
  loaded.set(name, fresh);
  return fresh;
}

/** The names of all statements, for the test that prepares every one. */
export function statementNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .sort();
}

function withoutHeader(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("--"))
    .join("\n")
    .trim();
}
