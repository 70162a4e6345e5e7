import type { Issue } from "lockstep/internal/errors";
import { nearestNames } from "lockstep/internal/nearest-name";

const NEAREST_MAX = 3;
const NAMED_MAX = 10;

/** The issue of a kind that is not known, with those that were probably meant. */
export function unknownKind(kind: string, known: readonly string[], pointer: string): Issue {
  const nearest = nearestNames(kind, known, NEAREST_MAX);
  return { pointer: `${pointer}/kind`, detail: `is not a known kind${advice(nearest, known)}` };
}

function advice(nearest: readonly string[], known: readonly string[]): string {
  if (nearest.length > 0) return `; did you mean ${nearest.join(" or ")}?`;
  if (known.length === 0) return ": no worker or client has recorded one yet";
  if (known.length <= NAMED_MAX) return `; known are ${[...known].sort().join(", ")}`;
  return "; GET /api/kinds lists those that are";
}
