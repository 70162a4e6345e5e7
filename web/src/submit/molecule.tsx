import { useEffect, useRef, useState } from "react";
import SmilesDrawer from "smiles-drawer";
import { useColorScheme } from "../theme/use-color-scheme.js";

const SIZE = { width: 360, height: 220 } as const;

/** The structure a SMILES text stands for, drawn as it is typed. */
export default function Molecule({ smiles }: { smiles: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [fault, setFault] = useState("");
  const scheme = useColorScheme();
  useEffect(() => {
    const element = canvas.current;
    if (!element || smiles.trim() === "") return;
    const drawer = new SmilesDrawer.Drawer(SIZE);
    SmilesDrawer.parse(
      smiles.trim(),
      (tree) => {
        setFault("");
        drawer.draw(tree, element, scheme, false);
      },
      () => setFault("This is no SMILES yet."),
    );
  }, [smiles, scheme]);
  if (smiles.trim() === "") return null;
  return (
    <figure className="molecule">
      <canvas
        ref={canvas}
        {...SIZE}
        role="img"
        aria-label="The structure of the ligand"
        hidden={fault !== ""}
      />
      <figcaption className="dim" role="status">
        {fault}
      </figcaption>
    </figure>
  );
}
