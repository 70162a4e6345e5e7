/** A position or a direction, in ångström. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
}

export function plus(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z };
}

export function scaled(a: Point, factor: number): Point {
  return { x: a.x * factor, y: a.y * factor, z: a.z * factor };
}

export function dot(a: Point, b: Point): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

export function cross(a: Point, b: Point): Point {
  return { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x };
}

export function length(a: Point): number {
  return Math.sqrt(dot(a, a));
}

export function distance(a: Point, b: Point): number {
  return length(minus(a, b));
}

/** The smallest box, with sides along the axes, that contains all points. */
export function bounds(points: readonly Point[]): { readonly low: Point; readonly high: Point } {
  const low = { x: Infinity, y: Infinity, z: Infinity };
  const high = { x: -Infinity, y: -Infinity, z: -Infinity };
  for (const point of points) {
    for (const axis of ["x", "y", "z"] as const) {
      low[axis] = Math.min(low[axis], point[axis]);
      high[axis] = Math.max(high[axis], point[axis]);
    }
  }
  return { low, high };
}
