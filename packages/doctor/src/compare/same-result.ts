/**
 * Returns whether two results are equal. The order of members does not matter, and JSON that one
 * store keeps as text is parsed first.
 * @param a parsed JSON
 */
export function isSameResult(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b !== "string") return isSame(parsedText(a), b);
  if (typeof b === "string" && typeof a !== "string") return isSame(a, parsedText(b));
  return isSame(a, b);
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An ordinary text, not JSON.
    return text;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return isSameArray(a, b);
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  return names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]));
}

function isSameArray(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => isSame(item, b[index]));
}
