/** For the kinds whose input is one of several things: what the reader chooses between, and what belongs to each. */
export interface Alternatives {
  readonly label: string;
  readonly options: readonly {
    readonly name: string;
    readonly label: string;
    /** Members that are asked for only when this is chosen. */
    readonly fields: readonly string[];
  }[];
  /** The option that stands for a file of many: it makes a batch. */
  readonly library?: string;
}

interface FormHints {
  readonly alternatives?: Alternatives;
  /** Members that name an uploaded file. */
  readonly files: readonly string[];
  /** Members that few need: they are folded away. */
  readonly rare: readonly string[];
}

const HINTS: Readonly<Record<string, FormHints>> = {
  scan: {
    alternatives: {
      label: "What to scan",
      options: [
        { name: "path", label: "Folder", fields: ["path"] },
        { name: "git", label: "Git repository", fields: ["git", "ref"] },
        { name: "file", label: "Archive", fields: ["file"] },
      ],
    },
    files: ["file"],
    rare: ["include", "exclude", "scanners"],
  },
  docking: {
    alternatives: {
      label: "What to dock",
      options: [
        { name: "ligand", label: "File", fields: ["ligand", "ligand_part", "ligand_name"] },
        { name: "smiles", label: "SMILES", fields: ["smiles", "ligand_name"] },
        { name: "library", label: "Library of compounds", fields: [] },
      ],
      library: "library",
    },
    files: ["receptor", "ligand"],
    rare: ["ligand_name", "ligand_part", "method", "energy_range", "seed", "cpu", "keep_hetero"],
  },
};

/** What a schema cannot say about a kind's form. Any other kind's form is its schema, from top to bottom. */
export function hintsOf(kind: string): FormHints {
  return HINTS[kind] ?? { files: [], rare: [] };
}
