import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dockingError } from "../docking-error.js";
import type { DockingLimits } from "../limits.js";
import type { Tools } from "../tools.js";
import type { Box } from "./box.js";
import { vinaProgress } from "./progress.js";

export interface VinaRun {
  readonly receptor: string;
  readonly ligand: string;
  readonly box: Box;
  readonly exhaustiveness: number;
  readonly numModes: number;
  readonly energyRange: number;
  readonly seed: number;
  readonly cpu: number;
  readonly work: string;
  readonly tools: Tools;
  readonly limits: DockingLimits;
  /** Called with the fraction done, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Runs Vina.
 * @returns the poses as Vina wrote them, and its output
 * @throws NonRetryableError VINA_FAILED, LIMIT_EXCEEDED; the signal's reason
 */
export async function runVina(run: VinaRun): Promise<{ readonly docked: string; readonly log: string }> {
  const { work, tools, limits, onProgress } = run;
  await writeFile(join(work, "receptor-in.pdbqt"), run.receptor);
  await writeFile(join(work, "ligand-in.pdbqt"), run.ligand);
  const read = vinaProgress();
  const { code, stdout, stderr } = await tools.vina(argumentsOf(run), (text) => {
    const fraction = read(text);
    if (fraction !== null) onProgress(fraction);
  });
  const log = stdout.toString("latin1") + stderr;
  if (code !== 0) throw dockingError("VINA_FAILED", `vina ended with exit code ${code}: ${whatItSaid(log)}`);
  const path = join(work, "docked.pdbqt");
  const bytes = (await stat(path).catch(() => null))?.size ?? 0;
  if (bytes > limits.fileBytesMax) throw dockingError("LIMIT_EXCEEDED", `vina wrote ${bytes} bytes of poses`);
  if (bytes === 0) throw dockingError("VINA_FAILED", `vina found no pose in the box: ${whatItSaid(log)}`);
  return { docked: await readFile(path, "utf8"), log };
}

function argumentsOf({ box, ...run }: VinaRun): string[] {
  const axes = (["x", "y", "z"] as const).flatMap((axis) => [
    `--center_${axis}=${box.center[axis]}`,
    `--size_${axis}=${box.size[axis]}`,
  ]);
  return [
    "--receptor=receptor-in.pdbqt",
    "--ligand=ligand-in.pdbqt",
    "--out=docked.pdbqt",
    ...axes,
    `--exhaustiveness=${run.exhaustiveness}`,
    `--num_modes=${run.numModes}`,
    `--energy_range=${run.energyRange}`,
    `--seed=${run.seed}`,
    `--cpu=${run.cpu}`,
  ];
}

/** The last printed lines that contain words. */
function whatItSaid(log: string): string {
  const lines = log.split("\n").filter((line) => /[a-z]{3}/i.test(line) && !line.startsWith("#"));
  return lines.slice(-2).join(" ").trim().slice(0, 300);
}
