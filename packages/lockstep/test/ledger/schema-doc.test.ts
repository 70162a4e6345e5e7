import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SCHEMA_FILE, schemaText } from "../../../../scripts/schema-doc.mjs";
import { freshDatabase } from "../../../../tests/servers/database.js";
import { openInMemory } from "../../../../tests/servers/embedded.js";
import { openDatabase } from "../../src/database/index.js";
import { migrate } from "../../src/ledger/index.js";

it.each(["postgres", "pglite"])(
  "docs/schema.sql is the schema on %s (npm run schema-doc)",
  async (engine) => {
    const fresh = engine === "postgres" ? await freshDatabase() : null;
    const database = fresh === null ? await openInMemory() : await openDatabase({ url: fresh.url });
    try {
      await migrate(database);
      const text = await schemaText(async (sql) => (await database.query(sql)).rows);
      expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(text);
    } finally {
      await database.close();
      await fresh?.drop();
    }
  },
);
