/**
 * A separate program that computes the coordinates of a molecule: reads a SMILES text from the file
 * in its first argument, and prints an MDL molfile with all hydrogens as JSON. It has nothing worth
 * stealing and may be killed at any time: a large molecule takes many seconds. The same text and
 * seed always give the same coordinates, unlike Open Babel's own builder.
 */
import { readFileSync } from "node:fs";
import { ConformerGenerator, Molecule, Resources } from "openchemlib";

const [, , path = "", seed = "1"] = process.argv;

function embed(): { molfile: string } | { issue: string } {
  Resources.registerFromNodejs();
  const [smiles = ""] = readFileSync(path, "utf8").trim().split(/\s/);
  try {
    const flat = Molecule.fromSmiles(smiles);
    const shaped = new ConformerGenerator(Number(seed)).getOneConformerAsMolecule(flat);
    return shaped === null
      ? { issue: "no coordinates without collisions were found" }
      : { molfile: shaped.toMolfile() };
  } catch (error) {
    // The library throws values that are not all instances of Error.
    return { issue: String(error instanceof Error ? error.message : error).slice(0, 300) };
  }
}

process.stdout.write(JSON.stringify(embed()));
