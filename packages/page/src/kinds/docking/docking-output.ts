export interface Mode {
  /** 1 is the best. */
  readonly mode: number;
  /** kcal/mol. */
  readonly affinity: number;
  readonly rmsd_lb: number;
  readonly rmsd_ub: number;
}

/** The members of a docking's output that the page shows. */
export interface DockingOutput {
  readonly num_poses: number;
  readonly best_score: number;
  readonly modes: readonly Mode[];
  readonly output_file: string;
  readonly sdf_file?: string | null;
  readonly seed?: number;
  readonly exhaustiveness?: number;
  readonly warnings?: readonly string[];
  readonly versions?: Readonly<Record<string, string>>;
  readonly ligand?: { readonly name: string };
}

/**
 * The handler makes the output, and another program may define the same kind with a different
 * output.
 */
export function asDockingOutput(output: unknown): DockingOutput | null {
  if (typeof output !== "object" || output === null) return null;
  const { modes, output_file } = output as Partial<DockingOutput>;
  const whole = Array.isArray(modes) && modes.length > 0 && typeof output_file === "string";
  return whole ? (output as DockingOutput) : null;
}

/** The text of each pose in a PDBQT file. */
export function posesOf(pdbqt: string): readonly string[] {
  return pdbqt
    .split(/^MODEL\b.*$/m)
    .slice(1)
    .map((model) => model.split(/^ENDMDL\b.*$/m)[0]?.trimStart() ?? "");
}

/** The structures of an SDF file. */
export function structuresOf(sdf: string): readonly string[] {
  return sdf.split(/^\$\$\$\$\r?\n?/m).filter((text) => text.trim() !== "");
}

/** AutoDock's atom types that are not element symbols. */
const ELEMENTS: Readonly<Record<string, string>> = {
  A: "C",
  OA: "O",
  NA: "N",
  NS: "N",
  OS: "O",
  SA: "S",
  HD: "H",
  HS: "H",
};

/** The atoms of a PDBQT file as PDB with elements, from which a viewer derives the bonds. */
export function asPdb(pdbqt: string): string {
  return pdbqt
    .split("\n")
    .filter((line) => /^(ATOM|HETATM)/.test(line))
    .map((line) => {
      const type = line.slice(77).trim();
      return line.slice(0, 66).padEnd(76) + (ELEMENTS[type] ?? type).slice(0, 2).padStart(2);
    })
    .join("\n");
}
