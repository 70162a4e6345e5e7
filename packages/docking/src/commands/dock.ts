import { basename, resolve } from "node:path";
import {
  type CommandContext,
  type CommandOption,
  WAIT_TIMEOUT,
  type WorkloadCommand,
  wholeNumber,
} from "lockstep/internal/workload";
import { dockText } from "./dock-text.js";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

interface DockFlags {
  readonly receptor: string;
  readonly ligand?: string;
  readonly smiles?: string;
  readonly center?: Point;
  readonly size?: Point;
  readonly around?: string;
  readonly exhaustiveness?: number;
  readonly numModes?: number;
  readonly seed?: number;
  readonly cpu?: number;
  readonly library?: string;
  readonly skipInvalid?: boolean;
  readonly name?: string;
  readonly wait?: boolean;
  readonly waitTimeout?: number;
}

const OPTIONS: readonly CommandOption[] = [
  { flags: "--receptor <file>", description: "the protein: PDB or PDBQT", required: true },
  { flags: "--ligand <file>", description: "the small molecule: SDF, MOL2, PDB, PDBQT or SMI" },
  { flags: "--smiles <text>", description: "the small molecule as SMILES", conflicts: ["ligand"] },
  {
    flags: "--library <file>",
    description: "many small molecules, as one batch: SMI, CSV with a column smiles, or SDF",
    conflicts: ["ligand", "smiles"],
  },
  {
    flags: "--skip-invalid",
    description: "skip invalid lines of the library instead of refusing the file",
  },
  { flags: "--name <text>", description: "name of the batch" },
  { flags: "--center <x,y,z>", description: "the box's centre in ångström", value: point },
  { flags: "--size <x,y,z>", description: "the lengths of the box's sides in ångström", value: point },
  {
    flags: "--around <what>",
    description:
      "put the box around: ligand, receptor, or a residue in the receptor's file such as STI:A:202",
    conflicts: ["center", "size"],
  },
  {
    flags: "--exhaustiveness <n>",
    description: "search effort (default: 8)",
    value: wholeNumber(1, 256),
  },
  { flags: "--num-modes <n>", description: "maximum poses (default: 9)", value: wholeNumber(1, 100) },
  {
    flags: "--seed <n>",
    description: "the same seed gives the same poses",
    value: wholeNumber(1, 2_147_483_647),
  },
  { flags: "--cpu <n>", description: "threads", value: wholeNumber(1, 64) },
  { flags: "--wait", description: "wait for the poses; exit code 5 when the docking did not complete" },
  WAIT_TIMEOUT,
];

export const dockCommand: WorkloadCommand<DockFlags> = {
  name: "dock",
  summary: "Dock a small molecule into a protein",
  description:
    "Dock a small molecule into a protein with AutoDock Vina, and print the poses. Files are uploaded. Without a box the whole protein is searched, unless the ligand's file places the ligand near the protein.",
  examples: [
    "lockstep dock --receptor protein.pdb --library compounds.smi --center 11,90.5,57.5 --size 22,24,28 --wait",
    "lockstep dock --receptor protein.pdb --smiles 'CC(=O)Oc1ccccc1C(=O)O' --around STI:A:202 --wait",
    "lockstep dock --receptor protein.pdbqt --ligand ligand.sdf --center 11,90.5,57.5 --size 22,24,28 --wait",
  ],
  options: OPTIONS,
  run: dock,
};

async function dock(context: CommandContext<DockFlags>): Promise<number> {
  const { options, json } = context;
  const { library, ligand, smiles, exhaustiveness, numModes: num_modes, seed, cpu } = options;
  if (ligand === undefined && smiles === undefined && library === undefined)
    throw context.misuse("name the small molecule: --ligand FILE or --smiles TEXT, or many: --library FILE");
  const follow = { wait: options.wait === true, timeoutSeconds: options.waitTimeout ?? null };
  const receptor = await context.upload(resolve(options.receptor));
  const shared = { receptor, box: boxOf(options), exhaustiveness, num_modes, seed, cpu };
  if (library !== undefined) {
    const name = options.name ?? basename(library);
    const skipInvalid = options.skipInvalid === true;
    const batch = { kind: "docking", input: shared, library: resolve(library), name, skipInvalid };
    return await context.submitBatch(batch, follow);
  }
  const molecule = ligand === undefined ? { smiles } : { ligand: await context.upload(resolve(ligand)) };
  const input = { ...shared, ...molecule };
  const { exitCode, job } = await context.submitJob({ kind: "docking", input }, follow);
  if (job === null || json) return exitCode;
  context.out(dockText(job, context.text));
  context.hint(`the files: lockstep result ${job.id} -o DIR`);
  return exitCode;
}

function boxOf({ center, size, around }: DockFlags): object | undefined {
  if (around === "ligand" || around === "receptor") return { around };
  if (around !== undefined) return { around: "residue", residue: around };
  return center === undefined && size === undefined ? undefined : { center, size };
}

function point(text: string): Point {
  const [x, y, z, ...more] = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (
    x === undefined ||
    y === undefined ||
    z === undefined ||
    more.length > 0 ||
    ![x, y, z].every(Number.isFinite)
  )
    throw new RangeError("It must be three numbers, such as 11,90.5,57.5.");
  return { x, y, z };
}
