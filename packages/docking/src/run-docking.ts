import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import type { JobContext } from "lockstep/internal/job";
import { type Box, chooseBox } from "./dock/box.js";
import { runVina } from "./dock/run-vina.js";
import { dockingError } from "./docking-error.js";
import type { DockingInput } from "./input/input.js";
import type { DockingLimits } from "./limits.js";
import { isHydrogen, type PdbqtPose, readPoses, toPdb, torsionCount } from "./molecule/pdbqt.js";
import { type PreparedLigand, prepareLigand } from "./prepare/ligand.js";
import type { PrepareOnce } from "./prepare/prepare-once.js";
import { type PreparedReceptor, prepareReceptor } from "./prepare/receptor.js";
import { isNamed } from "./prepare/residues.js";
import {
  DOCKED_NAME,
  type DockingOutput,
  modesOf,
  POSES_PDB_NAME,
  POSES_SDF_NAME,
  SCORES_NAME,
  scoresCsv,
} from "./report/output.js";
import { posesSdf } from "./report/poses-sdf.js";
import { createTools, readVersions, type Tools } from "./tools.js";

/** The progress at the start of each step. */
const AT = { receptor: 0.02, ligand: 0.06, dock: 0.1, poses: 0.96, report: 0.98 } as const;
const SEED_MAX = 2_147_483_646;
const CPU_MAX = 8;

/** What a docking needs besides its input. */
export interface DockingPlace {
  readonly store: ArtifactStore;
  readonly searchPath: string;
  readonly limits: DockingLimits;
  readonly prepareOnce: PrepareOnce;
  /** An empty private folder that the caller removes afterwards. */
  readonly work: string;
}

interface Docking {
  readonly input: DockingInput;
  readonly ctx: JobContext;
  readonly place: DockingPlace;
  readonly tools: Tools;
}

interface DockResult {
  readonly receptor: PreparedReceptor;
  readonly ligand: PreparedLigand;
  readonly box: Box;
  readonly seed: number;
  readonly cpu: number;
  readonly docked: string;
  readonly log: string;
  readonly poses: readonly PdbqtPose[];
  readonly warnings: readonly string[];
}

/**
 * Runs one docking: checks the input, prepares receptor and ligand, docks, converts the poses,
 * writes the results.
 * @throws NonRetryableError for an input that fails on every retry; the signal's reason when it
 *   aborts
 */
export async function runDocking(
  input: DockingInput,
  ctx: JobContext,
  place: DockingPlace,
): Promise<DockingOutput> {
  const startedMs = performance.now();
  const tools = createTools({ ...place, signal: ctx.signal });
  const docked = await dock({ input, ctx, place, tools });
  ctx.progress(AT.poses, "converting the poses");
  const sdf = posesSdf(docked.ligand, docked.poses);
  ctx.progress(AT.report, "writing the results");
  const output = toOutput(docked, {
    input,
    hasSdf: sdf !== null,
    versions: { ...(await readVersions(place.searchPath, place.work)) },
    durationMs: Math.round(performance.now() - startedMs),
  });
  await writeArtifacts(ctx, docked, sdf);
  ctx.log(`${output.num_poses} poses, the best at ${output.best_score} kcal/mol`);
  ctx.progress(1, "done");
  return output;
}

async function dock({ input, ctx, place, tools }: Docking): Promise<DockResult> {
  ctx.progress(0, "checking the input");
  const receptorText = await readInput("receptor", input.receptor, place);
  const ligandText =
    input.ligand === undefined ? null : await readInput("ligand", input.ligand, place, input.ligand_part);
  const common = { work: place.work, tools, limits: place.limits };
  ctx.progress(AT.receptor, "preparing the receptor");
  const around = input.box?.residue;
  const receptor = await prepareReceptor({
    ...common,
    text: receptorText,
    keepHetero: input.keep_hetero,
    prepareOnce: place.prepareOnce,
    signal: ctx.signal,
    without: (residue) => around !== undefined && isNamed(residue, around),
  });
  ctx.progress(AT.ligand, "preparing the ligand");
  const source = ligandText === null ? { smiles: input.smiles ?? "" } : { text: ligandText };
  const ligand = await prepareLigand({ ...common, source, name: input.ligand_name });
  const { box, warnings: ofBox } = chooseBox(input, receptor, ligand, place.limits);
  const warnings = [...receptor.warnings, ...ligand.warnings, ...ofBox];
  for (const warning of warnings) ctx.log(warning, "warn");
  const seed = input.seed ?? seedOf(ctx.job.id);
  const cpu = input.cpu ?? Math.min(availableParallelism(), input.exhaustiveness, CPU_MAX);
  ctx.progress(AT.dock, "computing the grid");
  const { docked, log } = await runVina({
    ...common,
    receptor: receptor.pdbqt,
    ligand: ligand.pdbqt,
    box,
    exhaustiveness: input.exhaustiveness,
    numModes: input.num_modes,
    energyRange: input.energy_range,
    seed,
    cpu,
    onProgress: (fraction) =>
      ctx.progress(AT.dock + fraction * (AT.poses - AT.dock), `docking ${ligand.name}`),
  });
  return { receptor, ligand, box, seed, cpu, docked, log, poses: readPoses(docked), warnings };
}

async function readInput(
  what: "receptor" | "ligand",
  id: string,
  { store, limits }: DockingPlace,
  part?: { readonly start: number; readonly end: number },
): Promise<string> {
  const info = await store.fileInfo(id);
  if (info === null)
    throw dockingError(
      "FILE_NOT_FOUND",
      `the ${what}'s file is missing: this worker's store has no file with its id. Workers and servers on several machines need one shared store (LOCKSTEP_ARTIFACTS)`,
    );
  if (part !== undefined && part.end >= info.bytes)
    throw dockingError("LIGAND_UNREADABLE", `the ${what}'s part is past the end of the file`);
  if (info.bytes > limits.inputBytesMax)
    throw dockingError(
      what === "ligand" ? "LIGAND_TOO_LARGE" : "RECEPTOR_TOO_LARGE",
      `the ${what}'s file has ${info.bytes} bytes`,
    );
  return await text((await store.openFile(id, part)).stream);
}

/** Every attempt of a job gets the same seed. */
function seedOf(jobId: string): number {
  return (createHash("sha256").update(jobId).digest().readUInt32BE(0) % SEED_MAX) + 1;
}

interface Ending {
  readonly input: DockingInput;
  readonly hasSdf: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

function toOutput(docked: DockResult, { input, hasSdf, versions, durationMs }: Ending): DockingOutput {
  const modes = modesOf(docked.poses);
  const [best] = modes;
  if (best === undefined) throw dockingError("VINA_FAILED", "vina wrote no readable pose");
  const noSdf =
    "the poses could not be written as SDF: the ligand's structure could not be matched with them";
  return {
    num_poses: modes.length,
    scores: modes.map((mode) => mode.affinity),
    best_score: best.affinity,
    modes,
    output_file: DOCKED_NAME,
    sdf_file: hasSdf ? POSES_SDF_NAME : null,
    ligand: {
      name: docked.ligand.name,
      heavy_atoms: docked.ligand.atoms.filter((atom) => !isHydrogen(atom)).length,
      torsions: torsionCount(docked.ligand.pdbqt),
    },
    method: input.method,
    exhaustiveness: input.exhaustiveness,
    box: docked.box,
    seed: docked.seed,
    cpu: docked.cpu,
    versions,
    warnings: hasSdf ? docked.warnings : [...docked.warnings, noSdf],
    duration_ms: durationMs,
  };
}

const PDBQT = "chemical/x-pdbqt";
const SDF = "chemical/x-mdl-sdfile";

async function writeArtifacts(
  ctx: JobContext,
  docked: DockResult,
  sdf: readonly string[] | null,
): Promise<void> {
  const { artifacts, signal } = ctx;
  const files: [name: string, content: string, mediaType: string][] = [
    ["receptor.pdbqt", docked.receptor.pdbqt, PDBQT],
    ["ligand.pdbqt", docked.ligand.pdbqt, PDBQT],
    [DOCKED_NAME, docked.docked, PDBQT],
    [POSES_PDB_NAME, toPdb(docked.docked), "chemical/x-pdb"],
    [SCORES_NAME, scoresCsv(modesOf(docked.poses)), "text/csv"],
    ["vina.log", docked.log, "text/plain"],
    ...(sdf ?? []).map((pose, index): [string, string, string] => [`pose-${index + 1}.sdf`, pose, SDF]),
    ...(sdf === null ? [] : [[POSES_SDF_NAME, sdf.join(""), SDF] as [string, string, string]]),
  ];
  for (const [name, content, mediaType] of files) {
    signal.throwIfAborted();
    await artifacts.write(name, content, mediaType);
  }
}
