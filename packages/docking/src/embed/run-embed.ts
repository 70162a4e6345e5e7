import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { dockingError } from "../docking-error.js";
import type { Tools } from "../tools.js";

const FROM_SOURCE = import.meta.url.endsWith(".ts");
const MAIN = fileURLToPath(new URL(FROM_SOURCE ? "./main.ts" : "./main.js", import.meta.url));
const HEAP_MIB = 1_024;
/**
 * The same for all dockings, so that the ligand is prepared the same way for every docking seed.
 */
const SEED = 1;

const answerSchema = z.union([
  z.strictObject({ molfile: z.string() }),
  z.strictObject({ issue: z.string() }),
]);

/**
 * Computes the coordinates of a molecule, with all hydrogens.
 * @returns an MDL molfile
 * @throws NonRetryableError SMILES_INVALID, LIMIT_EXCEEDED
 */
export async function runEmbed(smiles: string, work: string, tools: Tools): Promise<string> {
  const path = join(work, "embed.smi");
  await writeFile(path, smiles);
  const { stdout, code, stderr } = await tools.node([...nodeFlags(), MAIN, path, String(SEED)]);
  if (code !== 0)
    throw new Error(
      `the molecule's coordinates could not be computed: exit code ${code}, ${stderr.slice(0, 300)}`,
    );
  const answer = answerSchema.parse(JSON.parse(stdout.toString("utf8")));
  if ("molfile" in answer && /^M {2}RAD/m.test(answer.molfile))
    throw dockingError(
      "SMILES_INVALID",
      "the SMILES text is not a valid molecule: the bonds of an atom or ring do not match its valence",
    );
  if ("molfile" in answer) return answer.molfile;
  throw dockingError(
    "SMILES_INVALID",
    `the SMILES text is not a valid molecule: ${withPosition(answer.issue)}`,
  );
}

/** The parser counts from 0, messages count from 1. */
function withPosition(issue: string): string {
  return issue
    .replace(/^\S*SmilesParser: /, "")
    .replace(
      /[.;]?\s*position:\s*(\d+)/i,
      (_match, position: string) => ` (at character ${Number(position) + 1})`,
    );
}

function nodeFlags(): string[] {
  const flags = [`--max-old-space-size=${HEAP_MIB}`, "--no-warnings"];
  return FROM_SOURCE
    ? [...flags, "--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href]
    : flags;
}
