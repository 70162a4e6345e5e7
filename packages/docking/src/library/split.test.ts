import { describe, expect, it } from "vitest";
import { splitLibrary } from "./split.js";

const FILE = "ab".repeat(32);
const split = (text: string | Uint8Array) =>
  splitLibrary(typeof text === "string" ? Buffer.from(text) : text, FILE);
const entriesOf = (text: string) =>
  split(text).entries.map(({ line, input }) => [line, input.smiles, input.ligand_name]);

describe("a library of SMILES", () => {
  it("has one molecule per line, followed by its name, and every line keeps its number", () => {
    expect(entriesOf("# made by hand\n\nCCO ethanol\r\nC\tmethane, pure\nO\n")).toEqual([
      [3, "CCO", "ethanol"],
      [4, "C", "methane, pure"],
      [5, "O", "compound-3"],
    ]);
  });

  it("may begin with a header, which is not a molecule", () => {
    expect(entriesOf("SMILES name\nCCO ethanol\n")).toEqual([[2, "CCO", "ethanol"]]);
    expect(entriesOf("canonical_smiles\nCCO\n")).toEqual([[2, "CCO", "compound-1"]]);
  });

  it("has names without control characters, of at most a hundred characters", () => {
    expect(entriesOf(`CCO \u0007a\u202eb${"ü".repeat(200)}`)[0]?.[2]).toBe(`a b${"ü".repeat(97)}`);
  });
});

describe("a library that is a table", () => {
  it("has its columns found by their header, in any order and with any separator", () => {
    const rows = [
      [2, "CCO", "ethanol"],
      [3, "C", 'the "first", of all'],
    ];
    expect(entriesOf('name,MW,SMILES\nethanol,46,CCO\n"the ""first"", of all",16,C\n')).toEqual(rows);
    expect(entriesOf('\ufeffID;Canonical SMILES\r\nethanol;CCO\r\n"the ""first"", of all";C\r\n')).toEqual(
      rows,
    );
    expect(entriesOf("smiles\tname\nCCO\tethanol\n")).toEqual([rows[0]]);
  });

  it("without a header has SMILES first and names second", () => {
    expect(entriesOf("CCO,ethanol\nC,methane\n")).toEqual([
      [1, "CCO", "ethanol"],
      [2, "C", "methane"],
    ]);
  });

  it("reports rows without a molecule, and an unclosed quote, with their line numbers", () => {
    expect(split("smiles,name\nCCO,a\n,b\nC,c\n")).toMatchObject({
      entries: [{ line: 2 }, { line: 4 }],
      issues: [{ line: 3, detail: "has no SMILES text" }],
    });
    expect(split('smiles,name\nCCO,"a\n')).toMatchObject({
      entries: [],
      issues: [{ detail: expect.stringContaining("CSV_QUOTE_NOT_CLOSED") }],
    });
  });
});

describe("a library of structures", () => {
  const structure = (name: string, counts = "  1  0  0  0  0  0            999 V2000") =>
    `${name}\n  by hand\n\n${counts}\n    0.0000    0.0000    0.0000 C   0  0\nM  END\n>  <note>\n$5\n\n$$$$\n`;

  it("is split by bytes, so that each part is one structure", () => {
    const text = structure("one ü") + structure("") + structure("three").trimEnd();
    const { entries, issues } = split(text);
    expect(issues).toEqual([]);
    expect(entries.map(({ line, input }) => [line, input.ligand_name])).toEqual([
      [1, "one ü"],
      [11, "compound-2"],
      [21, "three"],
    ]);
    const runtime = entries.map(({ input }) => {
      const { start, end } = input.ligand_part as { start: number; end: number };
      return Buffer.from(text).toString("utf8", start, end + 1);
    });
    expect(runtime.join("")).toBe(text);
    expect(runtime[1]).toBe(structure(""));
    expect(entries[0]?.input.ligand).toBe(FILE);
  });

  it("reports invalid structures with the line where they begin", () => {
    const text = structure("good") + structure("bad", "  9  0 V2000") + structure("odd", "hello");
    expect(split(text)).toMatchObject({
      entries: [{ line: 1 }],
      issues: [
        { line: 11, detail: expect.stringContaining("cannot be read") },
        { line: 21, detail: expect.stringContaining("V2000") },
      ],
    });
  });
});

it("binary data is not a library", () => {
  expect(split(Uint8Array.from([0xff, 0xfe, 0, 1]))).toMatchObject({ entries: [], issues: [{ line: 1 }] });
  expect(split("")).toEqual({ entries: [], issues: [] });
});
