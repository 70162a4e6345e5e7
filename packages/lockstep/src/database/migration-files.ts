import { createHash } from "node:crypto";

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
  /**
   * Whether a program that does not know this migration must not go on with the schema. In the text
   * it is the line `-- Breaking: yes` or `-- Breaking: no`.
   */
  readonly breaking: boolean;
  /**
   * Whether it runs in a transaction. The line `-- Transaction: no` is for indexes that are built
   * while the table is in use: `create index concurrently`.
   */
  readonly transaction: boolean;
}

/** Functions and triggers of the schema: they are created again when their text changes. */
export interface FunctionFile {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

export interface Migrations {
  readonly migrations: readonly Migration[];
  readonly functions: readonly FunctionFile[];
}

/** Statements that can be repeated after an interruption. The name of the index is captured. */
const CREATE_INDEX = /^create (?:unique )?index concurrently if not exists (\w+)\s+on lockstep\./;
const DROP_INDEX = /^drop index concurrently if exists lockstep\.\w+\s*;?$/;

/**
 * Migrations in the order of their numbers.
 * @param texts by file name, such as `0001_name.sql`
 * @throws SyntaxError when one without a transaction is breaking, or has a statement that could not
 *   be repeated
 */
export function migrationsOf(texts: Readonly<Record<string, string>>): Migration[] {
  return Object.entries(texts)
    .filter(([name]) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => {
      const breaking = !/^-- Breaking: no$/m.test(text);
      const transaction = !/^-- Transaction: no$/m.test(text);
      if (!transaction) assertRepeatable(name, breaking, text);
      return {
        number: Number(name.slice(0, 4)),
        name,
        text,
        checksum: checksumOf(text),
        breaking,
        transaction,
      };
    });
}

/** @param texts by file name, such as `turn.sql` */
export function functionsOf(texts: Readonly<Record<string, string>>): FunctionFile[] {
  return Object.entries(texts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({ name, text, checksum: checksumOf(text) }));
}

/** The names of the indexes that a migration without a transaction creates. */
export function indexesOf({ text }: Migration): string[] {
  return splitStatements(text).flatMap((statement) => CREATE_INDEX.exec(statement)?.[1] ?? []);
}

/**
 * Splits a script at semicolons at the end of a line, outside of `$$` bodies. Our own files need no
 * more than this.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let current: string[] = [];
  let inBody = false;
  for (const line of script.split("\n")) {
    if (!inBody && line.trimStart().startsWith("--")) continue;
    if ((line.match(/\$\$/g)?.length ?? 0) % 2 === 1) inBody = !inBody;
    current.push(line);
    if (!inBody && line.trimEnd().endsWith(";")) {
      statements.push(current.join("\n").trim());
      current = [];
    }
  }
  const rest = current.join("\n").trim();
  return rest ? [...statements, rest] : statements;
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * A migration without a transaction may be interrupted between any two statements and is then done
 * again from its first.
 */
function assertRepeatable(name: string, breaking: boolean, text: string): void {
  if (breaking)
    throw new SyntaxError(`${name} runs outside a transaction, so it needs the line "-- Breaking: no"`);
  for (const statement of splitStatements(text))
    if (!CREATE_INDEX.test(statement) && !DROP_INDEX.test(statement))
      throw new SyntaxError(
        `${name} runs outside a transaction, so it may only create indexes "concurrently if not exists" and drop them "concurrently if exists": ${statement}`,
      );
}
