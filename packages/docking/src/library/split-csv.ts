import { CsvError, parse } from "csv-parse/sync";
import type { LibraryEntry, LibraryLines } from "lockstep/internal/workload";
import { z } from "zod";
import { compoundName, smilesEntry } from "./entry.js";

const SMILES_COLUMN = /^(canonical|isomeric)?[ _-]?smiles$/i;
const NAME_COLUMNS = ["name", "compound", "title", "id", "compound_id", "molecule", "zinc_id", "chembl_id"];

const records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/**
 * A table with a column of SMILES texts (RFC 4180; commas, semicolons or tabs). Without a header it
 * is the first column.
 */
export function splitCsv(text: string): LibraryLines {
  try {
    return fromRows(records.parse(parse(text, OPTIONS(text))));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : 1;
    return { entries: [], issues: [{ line, detail: `the table cannot be read: ${error.code}` }] };
  }
}

const OPTIONS = (text: string) => ({
  bom: true,
  delimiter: delimiterOf(text),
  info: true as const,
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
});

function delimiterOf(text: string): string {
  const first = text.split("\n", 1)[0] ?? "";
  return [",", ";", "\t"].find((each) => first.includes(each)) ?? ",";
}

function fromRows(rows: z.output<typeof records>): LibraryLines {
  const heading = rows[0]?.record ?? [];
  const headed = heading.findIndex((cell) => SMILES_COLUMN.test(cell));
  const smilesAt = headed === -1 ? 0 : headed;
  const lower = heading.map((cell) => cell.toLowerCase().replace(/[ -]/g, "_"));
  const named = NAME_COLUMNS.map((name) => lower.indexOf(name)).find((at) => at !== -1) ?? -1;
  const nameAt = headed === -1 ? 1 : named;
  const entries: LibraryEntry[] = [];
  const issues: { line: number; detail: string }[] = [];
  for (const { record, info } of headed === -1 ? rows : rows.slice(1)) {
    const smiles = record[smilesAt] ?? "";
    const number = entries.length + issues.length + 1;
    if (smiles === "") issues.push({ line: info.lines, detail: "has no SMILES text" });
    else entries.push(smilesEntry(info.lines, smiles, compoundName(record[nameAt] ?? "", number)));
  }
  return { entries, issues };
}
