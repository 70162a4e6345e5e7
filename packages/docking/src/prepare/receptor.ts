import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dockingError } from "../docking-error.js";
import type { DockingLimits } from "../limits.js";
import { isPdbqt, type PdbAtom, pdbLine, readPdbAtoms } from "../molecule/pdb.js";
import { readPdbqtAtoms, unknownAtoms } from "../molecule/pdbqt.js";
import type { Point } from "../molecule/point.js";
import type { Tools } from "../tools.js";
import type { PrepareOnce } from "./prepare-once.js";
import { type Residue, sortResidues } from "./residues.js";

const NAMES_SHOWN_MAX = 8;

export interface PreparedReceptor {
  readonly pdbqt: string;
  /** Atoms of the receptor that Vina receives. */
  readonly atoms: readonly Point[];
  /** Other molecules in the file, kept or not: a box can be put around one. */
  readonly others: readonly Residue[];
  readonly warnings: readonly string[];
}

export interface ReceptorOptions {
  readonly text: string;
  readonly keepHetero: boolean;
  /**
   * The one other molecule that is removed even when the others are kept, because the box takes its
   * place.
   */
  readonly without: (residue: Residue) => boolean;
  readonly work: string;
  readonly tools: Tools;
  readonly limits: DockingLimits;
  readonly prepareOnce: PrepareOnce;
  readonly signal: AbortSignal;
}

/**
 * Prepares the rigid receptor: a PDBQT unchanged; a PDB without water and other molecules, with
 * hydrogens and charges.
 * @throws NonRetryableError RECEPTOR_EMPTY, RECEPTOR_UNREADABLE, RECEPTOR_TOO_LARGE, ATOM_UNKNOWN
 */
export async function prepareReceptor(options: ReceptorOptions): Promise<PreparedReceptor> {
  const { text, limits } = options;
  if (text.trim() === "") throw dockingError("RECEPTOR_EMPTY", "the receptor's file is empty");
  const given = readPdbAtoms(text);
  if (given.length === 0)
    throw dockingError(
      "RECEPTOR_UNREADABLE",
      "the receptor's file has no atoms: it is neither PDB nor PDBQT",
    );
  if (given.length > limits.receptorAtomsMax)
    throw dockingError(
      "RECEPTOR_TOO_LARGE",
      `the receptor has ${given.length} atoms, over ${limits.receptorAtomsMax}`,
    );
  const made = isPdbqt(text) ? asItIs(text) : await fromPdb(given, options);
  const atoms = readPdbqtAtoms(made.pdbqt);
  if (atoms.length === 0)
    throw dockingError(
      "RECEPTOR_UNREADABLE",
      "Open Babel produced no receptor from the file: it found no molecule that it knows",
    );
  const unknown = unknownAtoms(atoms);
  if (unknown !== null)
    throw dockingError("ATOM_UNKNOWN", `the receptor has atoms Vina does not know: ${unknown}`);
  return { ...made, atoms };
}

function asItIs(text: string): Omit<PreparedReceptor, "atoms"> {
  if (/^ROOT/m.test(text))
    throw dockingError("RECEPTOR_UNREADABLE", "the receptor's file is the PDBQT of a ligand: it has a ROOT");
  return { pdbqt: text, others: [], warnings: [] };
}

async function fromPdb(
  given: readonly PdbAtom[],
  options: ReceptorOptions,
): Promise<Omit<PreparedReceptor, "atoms">> {
  const { keepHetero, without, prepareOnce, signal } = options;
  const sorted = sortResidues(given);
  const kept = sorted.others.filter((residue) => keepHetero && !without(residue));
  const left = sorted.others.filter((residue) => !kept.includes(residue));
  const atoms = [...sorted.own, ...kept].flatMap((residue) => residue.atoms);
  if (!atoms.some((atom) => atom.element !== "H"))
    throw dockingError(
      "RECEPTOR_EMPTY",
      "the receptor's file has nothing but water and other small molecules",
    );
  const hasHydrogens = atoms.some((atom) => atom.element === "H");
  const text = `${atoms.map(pdbLine).join("\n")}\nEND\n`;
  const hydrogens = hasHydrogens ? [] : ["-p", "7.4"];
  const args = ["-opdbqt", "-xr", ...hydrogens, "--partialcharge", "gasteiger"];
  const pdbqt = await prepareOnce({ text, args }, signal, () => convert(text, args, options));
  const warnings = [
    ...(sorted.waters > 0 ? [`${sorted.waters} water molecules were left out of the receptor`] : []),
    ...(left.length > 0 ? [`other molecules were left out of the receptor: ${names(left)}`] : []),
    ...(kept.length > 0 ? [`other molecules were kept in the receptor: ${names(kept)}`] : []),
    ...(sorted.alternatives > 0 ? [`${sorted.alternatives} alternative atom positions were left out`] : []),
    ...(hasHydrogens ? ["the receptor has hydrogens, which were kept as they are"] : []),
  ];
  return { pdbqt, others: sorted.others, warnings };
}

async function convert(
  text: string,
  args: readonly string[],
  { tools, work }: ReceptorOptions,
): Promise<string> {
  await writeFile(join(work, "receptor.pdb"), text);
  const { stderr } = await tools.obabel(["-ipdb", "receptor.pdb", ...args, "-O", "receptor.pdbqt"]);
  const pdbqt = await readFile(join(work, "receptor.pdbqt"), "utf8").catch(() => "");
  if (pdbqt === "")
    throw dockingError("RECEPTOR_UNREADABLE", `Open Babel cannot read the receptor: ${firstLine(stderr)}`);
  return pdbqt;
}

function names(residues: readonly Residue[]): string {
  const shown = residues.slice(0, NAMES_SHOWN_MAX).map((residue) => residue.label);
  return `${shown.join(", ")}${residues.length > shown.length ? ` and ${residues.length - shown.length} more` : ""}`;
}

function firstLine(text: string): string {
  return (text.split("\n").find((line) => /\w/.test(line)) ?? "it printed no message").trim().slice(0, 200);
}
