import { expect, it } from "vitest";
import { residuesNear } from "./near.js";

const ligand = [{ x: 0, y: 0, z: 0 }];
const atom = (index: number, resi: number, x: number, chain = "A") => ({ index, resi, chain, x, y: 0, z: 0 });

it("a whole residue is near when one of its atoms is near", () => {
  const receptor = [atom(0, 7, 9), atom(1, 7, 5), atom(2, 8, 5.1), atom(3, 7, 9, "B")];
  expect(residuesNear(receptor, ligand, 5)).toEqual({ residues: 1, indices: [0, 1] });
});

it("nothing is near an empty ligand, and an atom without coordinates is never near", () => {
  expect(residuesNear([atom(0, 7, 0)], [], 5).residues).toBe(0);
  expect(residuesNear([{ index: 0, resi: 7, chain: "A" }], ligand, 5).residues).toBe(0);
});
