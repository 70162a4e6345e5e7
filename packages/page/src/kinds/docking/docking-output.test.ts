import { expect, it } from "vitest";
import { asDockingOutput, asPdb, posesOf, structuresOf } from "./docking-output.js";

it("splits a PDBQT file into its poses", () => {
  const text = "MODEL 1\nATOM 1\nENDMDL\nMODEL 2\nATOM 2\nENDMDL\n";
  expect(posesOf(text)).toEqual(["ATOM 1\n", "ATOM 2\n"]);
  expect(posesOf("no model at all")).toEqual([]);
});

it("an output that is not a docking's is refused", () => {
  for (const output of [null, [], "x", { modes: [] }, { modes: [{ mode: 1 }] }])
    expect(asDockingOutput(output)).toBeNull();
});

it("splits an SDF file into its structures with their titles", () => {
  expect(structuresOf("one\nM  END\n$$$$\n\nM  END\n$$$$\n")).toEqual(["one\nM  END\n", "\nM  END\n"]);
});

it("gives every atom of a PDBQT file its element", () => {
  const atom = (type: string) =>
    `${"ATOM      1  CA  GLY A   1      11.000  93.000  63.000  1.00  0.00".padEnd(77)}${type}`;
  const pdb = asPdb(`ROOT\n${["A", "OA", "HD", "Zn", "C"].map(atom).join("\n")}\nENDROOT`);
  expect(pdb.split("\n").map((line) => line.slice(76, 78))).toEqual([" C", " O", " H", "Zn", " C"]);
});
