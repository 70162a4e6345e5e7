import { useEffect, useRef, useState } from "react";
import SmilesDrawer from "smiles-drawer";
import { useColorScheme } from "../theme/use-color-scheme.js";

const SIZE = { width: 360, height: 220 } as const;

/** The structure a SMILES text stands for, drawn as it is typed. */
export default function Molecule({ smiles }: { smiles: string }) {
  const picture = useRef<SVGSVGElement>(null);
  const [fault, setFault] = useState("");
  const scheme = useColorScheme();
  useEffect(() => {
    const element = picture.current;
    if (!element || smiles.trim() === "") return;
    SmilesDrawer.parse(
      smiles.trim(),
      (tree) => {
        setFault("");
        withoutInlineStyle(() => new SmilesDrawer.SvgDrawer(SIZE).draw(tree, element, scheme));
        element.querySelector("desc")?.remove();
      },
      () => setFault("This is no SMILES yet."),
    );
  }, [smiles, scheme]);
  if (smiles.trim() === "") return null;
  return (
    <figure className="molecule">
      <svg
        ref={picture}
        {...SIZE}
        role="img"
        aria-label="The structure of the ligand"
        className={fault === "" ? undefined : "molecule-none"}
      />
      <figcaption className="dim" role="status">
        {fault}
      </figcaption>
    </figure>
  );
}

/** The drawer writes a style of its own into its picture, which the page's policy refuses. What it says is in submit.css. */
function withoutInlineStyle(draw: () => void): void {
  const own = document.createElementNS;
  document.createElementNS = ((space: string, name: string) =>
    own.call(document, space, name === "style" ? "desc" : name)) as typeof own;
  try {
    draw();
  } finally {
    document.createElementNS = own;
  }
}
