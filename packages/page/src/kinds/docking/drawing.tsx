import { lazy, Suspense } from "react";
import type { ExtraProps } from "../kind-page.js";

const Molecule = lazy(() => import("./molecule.js"));

/** The structure of the SMILES text in the form. */
export function Drawing({ draft }: ExtraProps) {
  const smiles = draft["/smiles"];
  return typeof smiles === "string" ? (
    <Suspense fallback={null}>
      <Molecule smiles={smiles} />
    </Suspense>
  ) : null;
}
