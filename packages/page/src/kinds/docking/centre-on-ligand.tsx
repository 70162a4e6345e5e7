import { Button } from "@mantine/core";
import { useState } from "react";
import type { ExtraProps } from "../kind-page.js";
import { boxAround } from "./ligand-box.js";

/** Fills in the box around the position of the ligand in its file. */
export function CentreOnLigand({ draft, chosen, given, onChange }: ExtraProps) {
  const ligand = chosen === "ligand" ? given["/ligand"] : undefined;
  const [said, setSaid] = useState("");
  async function centre(file: File): Promise<void> {
    const box = boxAround(await file.text());
    if (!box) {
      setSaid("This file has no 3D coordinates.");
      return;
    }
    const numbers = Object.entries(box).flatMap(([part, point]) =>
      Object.entries(point).map(([axis, value]) => [`/box/${part}/${axis}`, String(value)]),
    );
    onChange({ ...draft, "/box/around": undefined, ...Object.fromEntries(numbers) });
    setSaid("The box encloses the ligand with 5 Å on every side.");
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
        {said || (ligand ? "" : "Needs a ligand file with coordinates.")}
      </span>
    </p>
  );
}
