import { expect, it } from "vitest";
import { boxAround } from "./ligand-box.js";

const atom = (x: number, y: number, z: number) =>
  `HETATM    1  C   LIG A   1    ${[x, y, z].map((value) => value.toFixed(3).padStart(8)).join("")}  1.00  0.00`;
const box = { center: { x: 11, y: 20, z: 31 }, size: { x: 12, y: 10, z: 12 } };

it("lies around the atoms of a PDB, SDF or MOL2 file, with a margin on every side", () => {
  expect(boxAround([atom(10, 20, 30), atom(12, 20, 32)].join("\n"))).toEqual(box);
  const sdf =
    "x\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n 10 20 30 C 0\n 12 20 32 C 0\n  1  2  1  0\nM  END";
  expect(boxAround(sdf)).toEqual(box);
  const mol2 =
    "@<TRIPOS>MOLECULE\nx\n@<TRIPOS>ATOM\n1 C1 10 20 30 C.3\n2 C2 12 20 32 C.3\n@<TRIPOS>BOND\n1 1 2 1";
  expect(boxAround(mol2)).toEqual(box);
});

it("is null without atoms, or for a flat drawing", () => {
  for (const text of ["", "CCO ethanol", "ATOM", [atom(1, 2, 0), atom(3, 4, 0)].join("\n")])
    expect(boxAround(text), text).toBeNull();
});
