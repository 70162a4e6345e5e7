import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { renderTable } from "./table.js";

const COLUMNS = [
  { title: "ID", cell: (row: string[]) => row[0]! },
  { title: "NAME", cell: (row: string[]) => row[1]!, shrinkTo: 6 },
  { title: "N", cell: (row: string[]) => row[2]!, align: "right" as const },
];

describe("a table", () => {
  it("is as wide as its cells when the width is not limited", () => {
    expect(
      renderTable(
        COLUMNS,
        [
          ["1", "a long name", "5"],
          ["22", "b", "1000"],
        ],
        null,
      ),
    ).toBe(["ID  NAME            N", "1   a long name     5", "22  b            1000"].join("\n"));
  });

  it("shortens the columns that may be shortened to fit the terminal", () => {
    const table = renderTable(COLUMNS, [["1", "a long name", "5"]], 15);
    expect(table.split("\n")[1]).toBe("1   a long …  5");
    for (const line of table.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(15);
  });

  it("lines up under wide characters and colours", () => {
    const lines = renderTable(
      COLUMNS,
      [
        ["1", "\u001b[31m寸法\u001b[39m", "5"],
        ["2", "abcd", "6"],
      ],
      80,
    ).split("\n");
    expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1);
  });

  it("keeps the end of a path", () => {
    const columns = [{ title: "PLACE", cell: (path: string) => path, shrinkTo: 5, keepEnd: true }];
    expect(renderTable(columns, ["src/a/b/app.ts:12"], 10).split("\n")[1]).toBe("…app.ts:12");
  });
});
