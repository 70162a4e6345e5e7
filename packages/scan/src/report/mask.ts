const PREFIX_LENGTH = 4;
const SHORTEST = 3;
/** Minimum length from which the start of a secret at the end of a cut line is masked. */
const PARTIAL_MIN = 8;

/** Shows at most four characters, and never more than a quarter: `ghp_****`. */
export function maskValue(secret: string): string {
  const shown = Math.min(PREFIX_LENGTH, Math.floor(secret.length / 4));
  return secret.slice(0, shown) + "*".repeat(secret.length - shown);
}

/**
 * Masks secrets by value wherever they occur: on lines that other rules report, in messages, in
 * other files. A value that is a plain word (`password`, `test`) is masked elsewhere only in
 * quotes; otherwise every mention of the word would be masked.
 */
export interface Masker {
  /**
   * @param own secrets of the text's own finding, which are masked even when they are plain words
   * @param cutAt lines of this length were cut and may end inside a secret
   */
  mask(text: string, own: readonly string[], cutAt: number): string;
}

export function createMasker(secrets: Iterable<string>): Masker {
  const everywhere = new Matcher();
  for (const secret of secrets) {
    if (isDistinctive(secret)) everywhere.add(secret);
    else if (secret.length >= SHORTEST) for (const quote of ["'", '"', "`"]) everywhere.add(secret, quote);
  }
  return {
    mask(text, own, cutAt) {
      const matcher = new Matcher();
      for (const secret of own) if (secret.length >= SHORTEST) matcher.add(secret);
      const lines = text.split("\n").map((line) => matcher.mask(everywhere.mask(line, cutAt), cutAt));
      return lines.join("\n");
    },
  };
}

function isDistinctive(secret: string): boolean {
  return secret.length >= 6 && !/^[a-z]+$/i.test(secret);
}

interface Pattern {
  readonly text: string;
  readonly masked: string;
}

/** Finds many texts in one pass: candidates are looked up by their first characters. */
class Matcher {
  readonly #byPrefix = new Map<string, Pattern[]>();
  readonly #seen = new Set<string>();

  add(secret: string, quote = ""): void {
    const text = quote + secret + quote;
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    const prefix = text.slice(0, SHORTEST);
    const group = this.#byPrefix.get(prefix) ?? [];
    group.push({ text, masked: quote + maskValue(secret) + quote });
    group.sort((a, b) => b.text.length - a.text.length);
    this.#byPrefix.set(prefix, group);
  }

  mask(line: string, cutAt: number): string {
    if (this.#byPrefix.size === 0) return line;
    const cut = line.length >= cutAt;
    let masked = "";
    for (let at = 0; at < line.length; ) {
      const found = this.#at(line, at, cut);
      masked += found ? found.masked : line.charAt(at);
      at += found ? found.length : 1;
    }
    return masked;
  }

  #at(line: string, at: number, cut: boolean): { masked: string; length: number } | null {
    for (const { text, masked } of this.#byPrefix.get(line.slice(at, at + SHORTEST)) ?? []) {
      if (line.startsWith(text, at)) return { masked, length: text.length };
      const rest = line.length - at;
      if (cut && rest >= PARTIAL_MIN && text.startsWith(line.slice(at)))
        return { masked: masked.slice(0, rest), length: rest };
    }
    return null;
  }
}
