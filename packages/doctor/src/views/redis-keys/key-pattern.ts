import { literalGlob } from "../scan-keys.js";

/** Converts ids to key names and back. */
export interface KeyPattern {
  keyOf(id: string): string;
  /** null: the key does not match the pattern. */
  idOf(key: string): string | null;
  /** The pattern for SCAN, with literal parts escaped. */
  readonly glob: string;
}

/** @param pattern such as `result:{id}`; contains `{id}` once */
export function keyPattern(pattern: string): KeyPattern {
  const [before = "", after = ""] = pattern.split("{id}");
  return {
    keyOf: (id) => `${before}${id}${after}`,
    idOf(key) {
      const isOne =
        key.startsWith(before) && key.endsWith(after) && key.length > before.length + after.length;
      return isOne ? key.slice(before.length, key.length - after.length) : null;
    },
    glob: `${literalGlob(before)}*${literalGlob(after)}`,
  };
}
