import { basename, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Job } from "lockstep/internal/job";
import { CLIENT_SETTINGS, defineCommand, type Invocation, type Session, wholeNumber } from "../command.js";
import { dockLibrary } from "../dock-library.js";
import { dockText } from "../dock-text.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { upload } from "../transfer.js";
import { UsageError } from "../usage-error.js";
import { reportEnd, waitForJob, waitTimeoutOption } from "../wait-for-job.js";

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

export function dockCommand(session: Session): Command {
  return defineCommand<DockFlags>(session, {
    name: "dock",
    summary: "Dock a small molecule into a protein",
    description:
      "Dock a small molecule into a protein with AutoDock Vina, and print the poses. Files are uploaded. Without a box the whole protein is searched, unless the ligand's file has it near the protein.",
    examples: [
      "lockstep dock --receptor protein.pdb --library compounds.smi --center 11,90.5,57.5 --size 22,24,28 --wait",
      "lockstep dock --receptor protein.pdb --smiles 'CC(=O)Oc1ccccc1C(=O)O' --around STI:A:202 --wait",
      "lockstep dock --receptor protein.pdbqt --ligand ligand.sdf --center 11,90.5,57.5 --size 22,24,28 --wait",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--receptor <file>", "the protein: PDB or PDBQT").makeOptionMandatory(),
      new Option("--ligand <file>", "the small molecule: SDF, MOL2, PDB, PDBQT or SMI"),
      new Option("--smiles <text>", "the small molecule as SMILES").conflicts("ligand"),
      new Option(
        "--library <file>",
        "many small molecules, as one batch: SMI, CSV with a column smiles, or SDF",
      ).conflicts(["ligand", "smiles"]),
      new Option(
        "--skip-invalid",
        "leave out lines of the library that are not valid, instead of refusing all",
      ),
      new Option("--name <text>", "what the batch is called"),
      new Option("--center <x,y,z>", "the box's centre in ångström").argParser(point),
      new Option("--size <x,y,z>", "the lengths of the box's sides in ångström").argParser(point),
      new Option(
        "--around <what>",
        "put the box around: ligand, receptor, or a residue in the receptor's file such as STI:A:202",
      ).conflicts(["center", "size"]),
      new Option("--exhaustiveness <n>", "how hard to look (default: 8)").argParser(wholeNumber(1, 256)),
      new Option("--num-modes <n>", "poses at most (default: 9)").argParser(wholeNumber(1, 100)),
      new Option("--seed <n>", "the same seed gives the same poses").argParser(wholeNumber(1, 2_147_483_647)),
      new Option("--cpu <n>", "threads").argParser(wholeNumber(1, 64)),
      new Option("--wait", "wait for the poses; exit code 5 when the docking did not complete"),
      waitTimeoutOption(),
    ],
    run: dock,
  });
}

async function dock({ options, terminal, json, client }: Invocation<DockFlags>): Promise<ExitCode> {
  const { library } = options;
  if (options.ligand === undefined && options.smiles === undefined && library === undefined)
    throw new UsageError("name the small molecule: --ligand FILE or --smiles TEXT, or many: --library FILE");
  const api = client();
  const { exhaustiveness, numModes: num_modes, seed, cpu, smiles } = options;
  const shared = {
    receptor: await upload(api, resolve(options.receptor)),
    box: boxOf(options),
    exhaustiveness,
    num_modes,
    seed,
    cpu,
  };
  if (library !== undefined)
    return await dockLibrary(api, {
      library,
      input: shared,
      name: options.name ?? basename(library),
      skipInvalid: options.skipInvalid === true,
      wait: options.wait === true,
      timeoutSeconds: options.waitTimeout ?? null,
      terminal,
      json,
    });
  const ligand =
    options.ligand === undefined ? { smiles } : { ligand: await upload(api, resolve(options.ligand)) };
  const input = { ...shared, ...ligand };
  const submitted = await api.post<Job>("/api/jobs", { body: { kind: "docking", input } });
  if (options.wait !== true) {
    if (json) terminal.json({ schema: "lockstep.job/1", ...submitted });
    else terminal.out(submitted.id);
    if (!json && terminal.width !== null)
      terminal.note(terminal.paintNote.dim(`follow it with: lockstep jobs watch ${submitted.id}`));
    return EXIT.done;
  }
  if (!json) terminal.note(terminal.paintNote.dim(`job ${submitted.id}`));
  const job = await waitForJob(api, submitted.id, { timeoutSeconds: options.waitTimeout ?? null, terminal });
  if (json) terminal.json({ schema: "lockstep.job/1", ...job });
  const exitCode = reportEnd(job, terminal);
  if (json || job.status !== "completed") return exitCode;
  terminal.out(dockText(job, terminal));
  terminal.note(terminal.paintNote.dim(`the files: lockstep result ${job.id} -o DIR`));
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
    throw new InvalidArgumentError("It must be three numbers, such as 11,90.5,57.5.");
  return { x, y, z };
}
