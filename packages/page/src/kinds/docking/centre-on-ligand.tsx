import { Button } from "@mantine/core";
import { useState } from "react";
import type { ExtraProps } from "../kind-page.js";
import { boxAround } from "./ligand-box.js";

/** Puts the numbers of a box around the ligand into the form, where its file has it. */
export function CentreOnLigand({ draft, chosen, given, onChange }: ExtraProps) {
  const ligand = chosen === "ligand" ? given["/ligand"] : undefined;
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
