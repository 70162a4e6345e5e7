/**
 * A program of its own that gives a molecule its shape: reads a SMILES text from the file in its first argument, and prints
 * an MDL molfile with all hydrogens as JSON. It holds nothing worth taking and may be killed at any time: a large molecule
 * takes it many seconds. The same text and seed always give the same coordinates, which Open Babel's own builder does not.
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
      ? { issue: "no shape without collisions was found" }
      : { molfile: shaped.toMolfile() };
  } catch (error) {
    // The library throws its own errors, which are not all Errors.
    return { issue: String(error instanceof Error ? error.message : error).slice(0, 300) };
  }
}

process.stdout.write(JSON.stringify(embed()));
