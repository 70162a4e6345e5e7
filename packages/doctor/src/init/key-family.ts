/** A key's name, with the part that differs between jobs written as `{id}`. */
export interface KeyShape {
  readonly pattern: string;
  readonly id: string;
}

const ID = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^\d+$/,
  /^[0-9a-f]{16,64}$/i,
  // ULID, KSUID, nano ID and cuid: long, with a digit among the letters.
  /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,40}$/,
  // `job-17`, `scan_0003`
  /^[A-Za-z]+[-_]\d+$/,
];

/** @returns null when no part of the key looks like an id */
export function shapeOf(key: string): KeyShape | null {
  const parts = key.split(":");
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index] ?? "";
    if (!ID.some((shape) => shape.test(part))) continue;
    return { pattern: [...parts.slice(0, index), "{id}", ...parts.slice(index + 1)].join(":"), id: part };
  }
  return null;
}
