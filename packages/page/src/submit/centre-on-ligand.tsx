import { Button } from "@mantine/core";
import { useState } from "react";
import { boxAround } from "../docking/ligand-box.js";
import type { Draft } from "./schema.js";

interface CentreOnLigandProps {
  /** The ligand's file; absent: there is none, or it is a SMILES text. */
  readonly ligand: File | undefined;
  readonly draft: Draft;
  onChange(draft: Draft): void;
}

/** Puts the numbers of a box around the ligand into the form, where its file has it. */
export function CentreOnLigand({ ligand, draft, onChange }: CentreOnLigandProps) {
  const [said, setSaid] = useState("");
  async function centre(file: File): Promise<void> {
    const box = boxAround(await file.text());
    if (!box) {
      setSaid("This file has no atoms in space.");
      return;
    }
    const numbers = Object.entries(box).flatMap(([part, point]) =>
      Object.entries(point).map(([axis, value]) => [`/box/${part}/${axis}`, String(value)]),
    );
    onChange({ ...draft, "/box/around": undefined, ...Object.fromEntries(numbers) });
    setSaid("The box lies around the ligand, with 5 Å on every side.");
  }
  return (
    <p className="row">
      <Button
        variant="default"
        disabled={!ligand}
        onClick={() => {
          if (ligand) void centre(ligand);
        }}
      >
        Centre on ligand
      </Button>
      <span className="dim" role="status">
        {said || (ligand ? "" : "Needs a ligand's file with coordinates.")}
      </span>
    </p>
  );
}
