import { lazy } from "react";
import type { KindPage } from "../kind-page.js";
import { CentreOnLigand } from "./centre-on-ligand.js";
import { Drawing } from "./drawing.js";

const docking: KindPage = {
  Result: lazy(() => import("./docking-tab.js")),
  form: {
    alternatives: {
      label: "What to dock",
      options: [
        { name: "ligand", label: "File", fields: ["ligand", "ligand_part", "ligand_name"] },
        { name: "smiles", label: "SMILES", fields: ["smiles", "ligand_name"] },
        { name: "library", label: "Library of compounds", fields: [] },
      ],
      library: {
        name: "library",
        hint: "SMI (a SMILES text and a name per line), CSV with a column smiles, or SDF. Up to 100,000 compounds.",
      },
    },
    files: ["receptor", "ligand"],
    rare: ["ligand_name", "ligand_part", "method", "energy_range", "seed", "cpu", "keep_hetero"],
    extras: { "/box": CentreOnLigand, "/smiles": Drawing },
    fileGiven: (draft, pointer) =>
      // The byte range belongs to the previous file.
      pointer === "/ligand"
        ? Object.fromEntries(Object.entries(draft).filter(([at]) => !at.startsWith("/ligand_part/")))
        : draft,
  },
  names: { smiles: "SMILES", num_modes: "Maximum poses", best_score_kcal_per_mol: "Best score, kcal/mol" },
  keys: [["[ ]", "Previous and next pose"]],
  batchFiles: [["sdf", "SDF"]],
  firstBatch: {
    such: "a library of compounds against one protein",
    label: "Dock a library",
    command: "lockstep dock --receptor protein.pdb --library compounds.smi --wait",
  },
};

export default docking;
