import { isFileId } from "lockstep/internal/artifacts";
import { z } from "zod";
import { DOCKING_LIMITS } from "../limits.js";
import { SMILES_MAX, validateSmiles } from "./smiles.js";

const COORDINATE_MAX = 100_000;
const { boxSideMin, boxSideMax, boxVolumeMax } = DOCKING_LIMITS;

const fileId = z.string().refine(isFileId, "is not the id of a file");
const coordinate = z.number().min(-COORDINATE_MAX).max(COORDINATE_MAX);
const side = z.number().min(boxSideMin).max(boxSideMax);

const point = z.strictObject({ x: coordinate, y: coordinate, z: coordinate });
const size = z
  .strictObject({ x: side, y: side, z: side })
  .refine(({ x, y, z: depth }) => x * y * depth <= boxVolumeMax, `is over ${boxVolumeMax} cubic ångström`);

const box = z
  .strictObject({
    center: point.describe("In ångström, in the receptor's coordinates.").optional(),
    size: size.describe("The lengths of the box's sides in ångström.").optional(),
    around: z
      .enum(["ligand", "residue", "receptor"])
      .describe(
        "ligand: the ligand's position in its file; residue: the position of another ligand in the receptor's file; receptor: the whole receptor.",
      )
      .optional(),
    residue: z
      .string()
      .regex(
        /^[A-Za-z0-9+-]{1,5}(:[A-Za-z0-9]{1,4})?(:-?\d{1,5})?$/,
        "must be a name such as 478, STI or STI:A:202",
      )
      .describe("The residue's name, if needed with chain and number, such as STI:A:202.")
      .optional(),
    margin: z
      .number()
      .min(0)
      .max(50)
      .describe("Ångström between the atoms inside the box and its sides. Default 5.")
      .optional(),
  })
  .superRefine((given, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const { center, around, residue } = given;
    if (center !== undefined && given.size === undefined) issue("size", "is needed with center");
    if (center === undefined && given.size !== undefined) issue("center", "is needed with size");
    if (center !== undefined && around !== undefined) issue("around", "cannot be combined with center");
    if (center === undefined && around === undefined) issue("center", "or around is needed");
    if (around === "residue" && residue === undefined) issue("residue", "is needed with around residue");
    if (around !== "residue" && residue !== undefined) issue("residue", "is only for around residue");
  });

/**
 * The input of a docking: a receptor file, a ligand file or SMILES, the search region and the
 * search effort.
 */
export const dockingInput = z
  .strictObject({
    receptor: fileId.describe("The id of an uploaded file: PDB, or PDBQT, which is used unchanged."),
    ligand: fileId
      .describe("The id of an uploaded file: SDF, MOL2, PDB or SMI, or PDBQT, which is used unchanged.")
      .optional(),
    ligand_part: z
      .strictObject({ start: z.int().min(0), end: z.int().min(0) })
      .refine(({ start, end }) => start <= end, "must not end before it starts")
      .describe("The first and the last byte of the ligand in its file, for one entry of a library.")
      .optional(),
    smiles: z
      .string()
      .max(SMILES_MAX)
      .superRefine((text, context) => {
        const issue = validateSmiles(text);
        if (issue)
          context.addIssue({ code: "custom", message: `${issue.detail} (at character ${issue.position})` });
      })
      .describe("The ligand as a SMILES text, instead of a file.")
      .optional(),
    ligand_name: z
      .string()
      .regex(/^[^\p{C}]{1,100}$/u, "must be 1 to 100 printable characters")
      .describe("The ligand's name in the results. Default: the name in its file.")
      .optional(),
    method: z.enum(["vina"]).default("vina"),
    box: box
      .describe(
        "The region to search. Default: the ligand's position in its file if that is near the receptor, otherwise the whole receptor.",
      )
      .optional(),
    exhaustiveness: z.int().min(1).max(256).default(8).describe("Search effort; the time grows with it."),
    num_modes: z.int().min(1).max(100).default(9).describe("Maximum poses."),
    energy_range: z
      .number()
      .min(0)
      .max(100)
      .default(3)
      .describe("How much worse than the best a pose may score, in kcal/mol."),
    seed: z
      .int()
      .min(1)
      .max(2_147_483_647)
      .describe("The same seed gives the same poses. Default: derived from the job's id.")
      .optional(),
    cpu: z
      .int()
      .min(1)
      .max(64)
      .describe("Threads. Default: as many as the exhaustiveness can use.")
      .optional(),
    keep_hetero: z
      .boolean()
      .default(false)
      .describe(
        "Whether other molecules in the receptor's file are kept. Metal ions always are, water never.",
      ),
  })
  .superRefine((input, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (input.ligand === undefined && input.smiles === undefined)
      issue(["ligand"], "is needed, or smiles instead");
    if (input.ligand !== undefined && input.smiles !== undefined)
      issue(["smiles"], "cannot be combined with ligand");
    if (input.ligand === undefined && input.ligand_part !== undefined)
      issue(["ligand_part"], "is only for ligand");
    if (input.box?.around === "ligand" && input.smiles !== undefined)
      issue(["box", "around"], "cannot be ligand: a SMILES text has no position");
  });

export type DockingInput = z.output<typeof dockingInput>;
