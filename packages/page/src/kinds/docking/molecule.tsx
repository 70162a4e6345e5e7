import { useEffect, useRef, useState } from "react";
import SmilesDrawer from "smiles-drawer";
import "./molecule.css";
import { useColorScheme } from "../../theme/use-color-scheme.js";

const SIZE = { width: 360, height: 220 } as const;

/** The structure of a SMILES text, drawn while it is typed. */
export default function Molecule({ smiles }: { smiles: string }) {
  const picture = useRef<SVGSVGElement>(null);
  const [issue, setIssue] = useState("");
  const scheme = useColorScheme();
  useEffect(() => {
    const element = picture.current;
    if (!element || smiles.trim() === "") return;
    SmilesDrawer.parse(
      smiles.trim(),
      (tree) => {
        setIssue("");
        withoutInlineStyle(() => new SmilesDrawer.SvgDrawer(SIZE).draw(tree, element, scheme));
        element.querySelector("desc")?.remove();
      },
      () => setIssue("This is not valid SMILES yet."),
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
        className={issue === "" ? undefined : "molecule-none"}
      />
      <figcaption className="dim" role="status">
        {issue}
      </figcaption>
    </figure>
  );
}

/**
 * The drawer puts styles into its picture as text, which the page's policy refuses. Its style
 * element is in molecule.css instead, and its inline styles are set through the DOM, which the
 * policy allows.
 */
function withoutInlineStyle(draw: () => void): void {
  const { createElementNS } = document;
  const { setAttributeNS } = SVGElement.prototype;
  document.createElementNS = ((space: string, name: string) =>
    createElementNS.call(document, space, name === "style" ? "desc" : name)) as typeof createElementNS;
  SVGElement.prototype.setAttributeNS = function (space, name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttributeNS.call(this, space, name, value);
  };
  try {
    draw();
  } finally {
    document.createElementNS = createElementNS;
    Reflect.deleteProperty(SVGElement.prototype, "setAttributeNS");
  }
}
