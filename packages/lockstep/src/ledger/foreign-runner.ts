import { type Queryable, textInSchema } from "../database/index.js";
import type { SqlTransaction } from "../job/index.js";

/**
 * Runs the ledger's statements in a caller's transaction. The caller's own client may parse times
 * in its own way; ours are read as text.
 * @param schema that holds the ledger
 */
export function foreignRunner(tx: SqlTransaction, schema: string): Pick<Queryable, "query"> {
  return {
    async query<Row>(sql: { text: string } | string, values?: readonly unknown[]) {
      const text = typeof sql === "string" ? sql : textInSchema(sql.text, schema);
      const result = await tx.query(text, values as unknown[]);
      const rows = result.rows.map((row) => isoTimes(row as Record<string, unknown>)) as Row[];
      return { rows, rowCount: rows.length };
    },
  };
}

function isoTimes(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}
