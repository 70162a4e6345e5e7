import { dockingError } from "../docking-error.js";
import type { DockingInput } from "../input/input.js";
import type { DockingLimits } from "../limits.js";
import { bounds, distance, minus, type Point, plus, scaled } from "../molecule/point.js";
import type { PreparedLigand } from "../prepare/ligand.js";
import type { PreparedReceptor } from "../prepare/receptor.js";
import { isNamed } from "../prepare/residues.js";

const MARGIN_DEFAULT = 5;
/** A ligand farther than this from every atom of the receptor is not in the receptor. */
const NEAR = 8;
/** How close the receptor must be to the box; otherwise there is nothing to bind to. */
const REACH = 4;
/**
 * Above this volume Vina's authors recommend more exhaustiveness: https://vina.scripps.edu/manual/
 */
const LARGE_VOLUME = 27_000;

/** The region that Vina searches, in ångström. */
export interface Box {
  readonly center: Point;
  readonly size: Point;
  readonly around: "given" | "ligand" | "residue" | "receptor";
}

export interface BoxChoice {
  readonly box: Box;
  readonly warnings: readonly string[];
}

/**
 * Decides which region to search.
 * @throws NonRetryableError BOX_OUTSIDE_RECEPTOR, BOX_TOO_LARGE, BOX_NOT_FOUND
 */
export function chooseBox(
  input: DockingInput,
  receptor: PreparedReceptor,
  ligand: PreparedLigand,
  limits: DockingLimits,
): BoxChoice {
  const box = rounded(findBox(input, receptor, ligand, limits));
  if (!receptor.atoms.some((atom) => isWithin(atom, box)))
    throw dockingError(
      "BOX_OUTSIDE_RECEPTOR",
      `no atom of the receptor lies in the box or near it; ${extent(receptor)}`,
    );
  const { x, y, z } = box.size;
  const volume = x * y * z;
  if (volume > limits.boxVolumeMax)
    throw dockingError(
      "BOX_TOO_LARGE",
      `the box has ${Math.round(volume)} cubic ångström, over ${limits.boxVolumeMax}: give its center and size`,
    );
  return { box, warnings: warningsOf(box, volume, ligand) };
}

function findBox(
  input: DockingInput,
  receptor: PreparedReceptor,
  ligand: PreparedLigand,
  limits: DockingLimits,
): Box {
  const { center, size, residue, margin = MARGIN_DEFAULT } = input.box ?? {};
  if (center && size) return { center, size, around: "given" };
  const wrap = (points: readonly Point[], around: Box["around"]) =>
    boxAround({ points, margin, around, limits });
  switch (input.box?.around ?? (isInPlace(receptor, ligand) ? "ligand" : "receptor")) {
    case "ligand":
      if (!ligand.isPlaced)
        throw dockingError(
          "BOX_NOT_FOUND",
          "the ligand's file does not say where it lies: give the box's center and size",
        );
      return wrap(ligand.atoms, "ligand");
    case "residue": {
      const named = receptor.others.filter((other) => isNamed(other, residue ?? ""));
      if (named.length === 0)
        throw dockingError(
          "BOX_NOT_FOUND",
          `the receptor's file has no other molecule called ${residue}; ${known(receptor)}`,
        );
      return wrap(named[0]?.atoms ?? [], "residue");
    }
    case "receptor":
      return wrap(receptor.atoms, "receptor");
  }
}

function known({ others }: PreparedReceptor): string {
  return others.length === 0
    ? "it has none"
    : `it has ${others
        .slice(0, 8)
        .map(({ label }) => label)
        .join(", ")}`;
}

function isInPlace(receptor: PreparedReceptor, ligand: PreparedLigand): boolean {
  if (!ligand.isPlaced) return false;
  return ligand.atoms.some((atom) => receptor.atoms.some((other) => distance(atom, other) < NEAR));
}

function boxAround(options: {
  readonly points: readonly Point[];
  readonly margin: number;
  readonly around: Box["around"];
  readonly limits: DockingLimits;
}): Box {
  const { points, margin, around, limits } = options;
  const { low, high } = bounds(points);
  const span = minus(high, low);
  const side = (length: number) =>
    Math.min(limits.boxSideMax, Math.max(limits.boxSideMin, length + 2 * margin));
  return {
    center: scaled(plus(low, high), 0.5),
    size: { x: side(span.x), y: side(span.y), z: side(span.z) },
    around,
  };
}

/** Rounds to the precision that Vina receives, so that the docking can be repeated exactly. */
function rounded({ center, size, around }: Box): Box {
  const round = ({ x, y, z }: Point): Point => ({ x: round3(x), y: round3(y), z: round3(z) });
  return { center: round(center), size: round(size), around };
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function isWithin(point: Point, { center, size }: Box): boolean {
  return (["x", "y", "z"] as const).every(
    (axis) => Math.abs(point[axis] - center[axis]) <= size[axis] / 2 + REACH,
  );
}

function extent({ atoms }: PreparedReceptor): string {
  const { low, high } = bounds(atoms);
  const axis = (name: "x" | "y" | "z") => `${name} ${low[name].toFixed(1)} to ${high[name].toFixed(1)}`;
  return `the receptor lies at ${axis("x")}, ${axis("y")}, ${axis("z")}`;
}

function warningsOf({ size, around }: Box, volume: number, ligand: PreparedLigand): string[] {
  const { low, high } = bounds(ligand.atoms);
  const isTight = distance(low, high) > Math.max(size.x, size.y, size.z) * Math.sqrt(3);
  return [
    ...(around === "receptor"
      ? ["the box is the whole receptor: the search is slow and less sure; give a box"]
      : []),
    ...(around !== "receptor" && volume > LARGE_VOLUME
      ? [
          `the box has ${Math.round(volume)} cubic ångström; over ${LARGE_VOLUME} the search needs more exhaustiveness`,
        ]
      : []),
    ...(isTight ? ["the box is smaller than the ligand"] : []),
  ];
}
