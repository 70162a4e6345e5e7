/** What the oracle found wrong with a system. */
export interface Finding {
  /** A short name: findings with the same name are counted together. */
  readonly kind: string;
  readonly key: string;
  /** One sentence with the facts. */
  readonly what: string;
}

/** At most this many sentences of a kind are kept; all are counted. */
const KEPT_PER_KIND = 20;

/** Collects findings with bounded memory. */
export class Findings {
  readonly #counts = new Map<string, number>();
  readonly #kept: Finding[] = [];
  /** Jobs with at least one finding. */
  readonly keys = new Set<string>();

  add(kind: string, key: string, what: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.keys.add(key);
    if (count <= KEPT_PER_KIND) this.#kept.push({ kind, key, what });
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** How many of each kind, largest first. */
  counts(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1]);
  }

  kept(): readonly Finding[] {
    return this.#kept;
  }
}
