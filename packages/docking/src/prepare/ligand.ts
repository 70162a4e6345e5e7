import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dockingError } from "../docking-error.js";
import { runEmbed } from "../embed/run-embed.js";
import { validateSmiles } from "../input/smiles.js";
import type { DockingLimits } from "../limits.js";
import { type Molecule, readMolecule } from "../molecule/molfile.js";
import {
  isHydrogen,
  type PdbqtAtom,
  readPdbqtAtoms,
  torsionCount,
  unknownAtoms,
  unknownElements,
} from "../molecule/pdbqt.js";
import { matchAtoms } from "../molecule/place.js";
import type { Tools } from "../tools.js";
import { type LigandFormat, ligandFormat, moleculeCount } from "./format.js";

/** Fewer atoms may all lie in one plane by chance. */
const FLAT_ATOMS_MIN = 4;

export interface PreparedLigand {
  readonly name: string;
  readonly pdbqt: string;
  readonly atoms: readonly PdbqtAtom[];
  /** With bond orders and all hydrogens; null when they could not be determined. */
  readonly structure: Molecule | null;
  /** For each atom of the PDBQT its index in the structure. */
  readonly match: readonly number[];
  /** Whether the ligand's file has a position for it, so that a box can be put around it. */
  readonly isPlaced: boolean;
  readonly warnings: readonly string[];
}

export interface LigandOptions {
  /** A file's content, or a SMILES text. */
  readonly source: { readonly text: string } | { readonly smiles: string };
  readonly name: string | undefined;
  readonly work: string;
  readonly tools: Tools;
  readonly limits: DockingLimits;
}

interface Made {
  readonly sdf: string;
  /** The name in the file; empty when it has none. */
  readonly title: string;
  readonly isPlaced: boolean;
  readonly warnings: readonly string[];
}

/**
 * Prepares the ligand for Vina: coordinates if it has none, hydrogens, charges, and rotatable
 * bonds. A PDBQT is used unchanged.
 * @throws NonRetryableError LIGAND_EMPTY, LIGAND_UNREADABLE, LIGAND_TOO_LARGE, SMILES_INVALID,
 *   ATOM_UNKNOWN
 */
export async function prepareLigand(options: LigandOptions): Promise<PreparedLigand> {
  const { source } = options;
  if ("smiles" in source) return await finish(await fromSmiles(source.smiles, "", options), options);
  if (source.text.trim() === "") throw dockingError("LIGAND_EMPTY", "the ligand's file is empty");
  const format = ligandFormat(source.text);
  if (format === null)
    throw dockingError("LIGAND_UNREADABLE", "the ligand's file is not SDF, MOL2, PDB, PDBQT or SMILES");
  const count = moleculeCount(source.text, format);
  const several = count > 1 ? [`the ligand's file holds ${count} molecules; the first was docked`] : [];
  const made = format === "pdbqt" ? null : await fromFile(source.text, format, options);
  if (made === null) return await fromPdbqt(source.text, several, options);
  return await finish({ ...made, warnings: [...several, ...made.warnings] }, options);
}

async function fromFile(
  text: string,
  format: Exclude<LigandFormat, "pdbqt">,
  options: LigandOptions,
): Promise<Made> {
  if (format === "smi") return await fromSmilesFile(text, options);
  const { work, tools } = options;
  const found = await convert(text, { format, to: "sdf", args: ["-f", "1", "-l", "1", "-r"] }, options);
  const molecule = readMolecule(found);
  if (molecule === null) throw unreadable(format);
  requireSize(molecule.atoms.filter((atom) => atom.element !== "H").length, options.limits);
  if (isFlat(molecule)) {
    const smiles =
      (await convert(found, { format: "sdf", to: "can", args: [] }, options)).split(/\s/)[0] ?? "";
    const made = await fromSmiles(smiles, molecule.name, options);
    return {
      ...made,
      warnings: ["the ligand's file has no 3D coordinates; they were computed", ...made.warnings],
    };
  }
  const hasHydrogens = molecule.atoms.some((atom) => atom.element === "H");
  await writeFile(join(work, "found.sdf"), found);
  await tools.obabel([
    "-isdf",
    "found.sdf",
    "-osdf",
    ...(hasHydrogens ? ["-h"] : ["-p", "7.4"]),
    "-O",
    "whole.sdf",
  ]);
  const warnings = [
    ...(format === "pdb"
      ? ["a PDB file has no bond orders; Open Babel derived them from the distances"]
      : []),
    ...(hasHydrogens ? ["the ligand has hydrogens, which were kept as they are"] : []),
  ];
  return {
    sdf: await readFile(join(work, "whole.sdf"), "utf8"),
    title: molecule.name,
    isPlaced: true,
    warnings,
  };
}

function unreadable(format: LigandFormat) {
  return dockingError(
    "LIGAND_UNREADABLE",
    `Open Babel finds no molecule in the ligand's file, read as ${format.toUpperCase()}`,
  );
}

async function fromSmilesFile(text: string, options: LigandOptions): Promise<Made> {
  const line = text.split("\n").find((each) => each.trim() !== "" && !each.startsWith("#")) ?? "";
  const [smiles = "", ...title] = line.trim().split(/\s+/);
  return await fromSmiles(smiles, title.join(" "), options);
}

/** Its charges at pH 7.4 are determined on the text; then its coordinates are computed. */
async function fromSmiles(smiles: string, title: string, options: LigandOptions): Promise<Made> {
  const issue = validateSmiles(smiles);
  if (issue)
    throw dockingError("SMILES_INVALID", `the SMILES text ${issue.detail} (at character ${issue.position})`);
  const charged = await convert(smiles, { format: "smi", to: "smi", args: ["-r", "-p", "7.4"] }, options);
  const text = charged.split(/\s/)[0] ?? "";
  if (text === "") throw dockingError("SMILES_INVALID", "Open Babel cannot read the SMILES text");
  requireSize(heavyAtomsIn(text), options.limits);
  const warnings = smiles.includes(".")
    ? ["the SMILES text holds several molecules; the largest was docked"]
    : [];
  return {
    sdf: `${await runEmbed(text, options.work, options.tools)}\n$$$$\n`,
    title,
    isPlaced: false,
    warnings,
  };
}

/**
 * Open Babel writes an atom that it read from PDBQT without hydrogens with an explicit valence, as
 * if it had none to add.
 */
function openValences(sdf: string): string {
  return sdf.replace(/^(.{31}[A-Z][A-Za-z]? {1,2}.{14})[ \d]{3}/gm, "$1  0").replace(/^M {2}RAD.*\n/gm, "");
}

function heavyAtomsIn(smiles: string): number {
  return smiles.match(/\[(?!\d*H[+-]?\d*\])[^\]]*\]|Br|Cl|[BCNOPSFI]|[bcnops]/g)?.length ?? 0;
}

async function finish(made: Made, options: LigandOptions): Promise<PreparedLigand> {
  const structure = readMolecule(made.sdf);
  if (structure === null)
    throw dockingError("LIGAND_UNREADABLE", "Open Babel produced no structure for the ligand");
  const unknown = unknownElements(structure.atoms);
  if (unknown !== null)
    throw dockingError("ATOM_UNKNOWN", `the ligand has atoms Vina does not know: ${unknown}`);
  const pdbqt = await convert(
    made.sdf,
    { format: "sdf", to: "pdbqt", args: ["--partialcharge", "gasteiger"] },
    options,
  );
  const atoms = checked(pdbqt, options.limits);
  const match = matchAtoms(structure, atoms);
  return {
    ...made,
    name: options.name ?? nameOf(made.title),
    pdbqt,
    atoms,
    structure: match === null ? null : structure,
    match: match ?? [],
  };
}

async function fromPdbqt(
  text: string,
  warnings: readonly string[],
  options: LigandOptions,
): Promise<PreparedLigand> {
  const first = /^MODEL .*\n([\s\S]*?)^ENDMDL/m.exec(text)?.[1] ?? text;
  const pdbqt = /^ROOT\s*$/m.test(first) ? first : null;
  if (pdbqt === null)
    throw dockingError(
      "LIGAND_UNREADABLE",
      "the ligand's PDBQT has no ROOT: it belongs to a receptor, or has no torsion tree",
    );
  const atoms = checked(pdbqt, options.limits);
  const bare = await convert(pdbqt, { format: "pdbqt", to: "sdf", args: [] }, options);
  const structure = readMolecule(
    await convert(openValences(bare), { format: "sdf", to: "sdf", args: ["-h"] }, options),
  );
  const match = structure === null ? null : matchAtoms(structure, atoms);
  return {
    name: options.name ?? nameOf(/^REMARK +Name = (.+)$/m.exec(pdbqt)?.[1] ?? ""),
    pdbqt,
    atoms,
    structure: match === null ? null : structure,
    match: match ?? [],
    isPlaced: true,
    warnings: [...warnings, "a PDBQT file has no bond orders; Open Babel derived them from the distances"],
  };
}

function checked(pdbqt: string, limits: DockingLimits): PdbqtAtom[] {
  const atoms = readPdbqtAtoms(pdbqt);
  if (atoms.length === 0) throw dockingError("LIGAND_EMPTY", "the ligand has no atoms");
  const unknown = unknownAtoms(atoms);
  if (unknown !== null)
    throw dockingError("ATOM_UNKNOWN", `the ligand has atoms Vina does not know: ${unknown}`);
  requireSize(atoms.filter((atom) => !isHydrogen(atom)).length, limits);
  const torsions = torsionCount(pdbqt);
  if (torsions > limits.ligandTorsionsMax)
    throw dockingError(
      "LIGAND_TOO_LARGE",
      `${torsions} rotatable bonds in the ligand, over ${limits.ligandTorsionsMax}`,
    );
  return atoms;
}

function requireSize(heavyAtoms: number, { ligandHeavyAtomsMax }: DockingLimits): void {
  if (heavyAtoms > ligandHeavyAtomsMax)
    throw dockingError(
      "LIGAND_TOO_LARGE",
      `the ligand has ${heavyAtoms} atoms besides hydrogen, over ${ligandHeavyAtomsMax}`,
    );
}

function isFlat({ atoms }: Molecule): boolean {
  return atoms.length >= FLAT_ATOMS_MIN && atoms.every((atom) => atom.z === 0);
}

/** Open Babel uses the path as the name of a molecule without a name. */
function nameOf(text: string): string {
  const name = text.replace(/\p{C}/gu, "").trim().slice(0, 100);
  return name === "" || /[/\\]|\.(sdf|pdb|mol2|pdbqt|smi)$/.test(name) ? "ligand" : name;
}

interface Conversion {
  readonly format: string;
  readonly to: string;
  readonly args: readonly string[];
}

/** @returns Open Babel's output; empty when it found no molecule */
async function convert(
  text: string,
  { format, to, args }: Conversion,
  { work, tools }: LigandOptions,
): Promise<string> {
  const [from, into] = [`ligand-in.${format}`, `ligand-out.${to}`];
  await writeFile(join(work, from), text);
  await writeFile(join(work, into), "");
  await tools.obabel([`-i${format}`, from, `-o${to}`, ...args, "-O", into]);
  return await readFile(join(work, into), "utf8");
}
