import { literalGlob } from "../scan-keys.js";

/** Names of keys made from ids, and back. */
export interface KeyPattern {
  keyOf(id: string): string;
  /** null: the key is none of these. */
  idOf(key: string): string | null;
  /** For SCAN: what stands in a pattern for itself is escaped. */
  readonly glob: string;
}

/** @param pattern such as `result:{id}`, with `{id}` once */
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
