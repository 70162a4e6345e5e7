import { expect, it } from "vitest";
import { asDockingOutput, posesOf } from "./docking-output.js";

it("takes the poses of a PDBQT file apart", () => {
  const text = "MODEL 1\nATOM 1\nENDMDL\nMODEL 2\nATOM 2\nENDMDL\n";
  expect(posesOf(text)).toEqual(["ATOM 1\n", "ATOM 2\n"]);
  expect(posesOf("no model at all")).toEqual([]);
});

it("an output that is not a docking's is none", () => {
  for (const output of [null, [], "x", { modes: [] }, { modes: [{ mode: 1 }] }])
    expect(asDockingOutput(output)).toBeNull();
});
