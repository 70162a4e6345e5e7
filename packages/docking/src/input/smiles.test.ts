import { expect, it } from "vitest";
import { validateSmiles } from "./smiles.js";

it.each([
  "C",
  "CC(=O)Oc1ccccc1C(=O)O",
  "C[C@@H](N)C(=O)[O-]",
  "CC(C)(C)NC(=O)[C@@H]1CN(CCN1C[C@H](C[C@@H](Cc1ccccc1)C(=O)N[C@H]1[C@@H](O)Cc2c1cccc2)O)Cc1cccnc1",
  "F/C=C/F",
  "C1CCCC%10CCCCC1%10",
  "[13CH4]",
  "[Na+].[Cl-]",
  "[nH]1cccc1",
  "[Fe+2]",
  "[OH3+]",
  "C=1CCCCC=1",
])("%s is valid", (smiles) => {
  expect(validateSmiles(smiles)).toBeNull();
});

it.each([
  ["", 1, "is empty"],
  ["c1ccccc1X", 9, 'has "X", which SMILES does not know here'],
  ["CC(=O", 3, "has a branch that is not closed"],
  ["CC)C", 3, "closes a branch that was not opened"],
  ["C1CC", 2, "has the ring bond 1, which is not closed"],
  ["CC%12", 3, "has the ring bond 12, which is not closed"],
  ["C[", 2, "has a [ that is not closed"],
  ["C]", 2, "has a ] without its ["],
  ["[Zz]", 1, 'has the element "Zz", which there is not'],
  ["[C", 1, "has a [ that is not closed"],
  ["C[abc]", 2, 'has "[abc]", which is no atom'],
  ["C=", 2, "ends with a bond"],
  ["=C", 1, "has a bond without an atom"],
  ["C==C", 3, "has a bond without an atom"],
  ["C()C", 3, "closes a branch without an atom"],
  ["(C)", 1, "opens a branch where there is no atom"],
  ["C B", 2, 'has " ", which SMILES does not know here'],
  ["1CC1", 1, "has a ring bond without an atom"],
  ["C..C", 3, "has a dot without an atom"],
])("%s has an error at character %d", (smiles, position, detail) => {
  expect(validateSmiles(smiles)).toEqual({ detail, position });
});

// A pattern that tries every way to split such a text would not finish.
it("a long text of brackets is refused at its first bracket", () => {
  expect(validateSmiles("[".repeat(20_000))).toMatchObject({ position: 1 });
  expect(validateSmiles("[C".repeat(10_000))).toMatchObject({ position: 1 });
  expect(validateSmiles(`[${"1".repeat(20_000)}]`)).toMatchObject({ position: 1 });
});
