import { randomInt } from "node:crypto";

const SLOTS_MIN = 1 << 16;
/** 64 MB. Ids that do not fit are looked up again, which costs time and changes no answer. */
const SLOTS_MAX = 1 << 23;
const LOAD_MAX = 0.85;
/** Estimates are slightly wrong, and growing copies everything. */
const HEADROOM = 1.03;

/**
 * Remembers which ids a view has shown, in eight bytes each: only a 64-bit hash of every id is
 * kept, with a new seed in each run. The chance that two of ten million ids share a hash is one in
 * 400,000.
 */
export class SeenIds {
  #slots: Uint32Array;
  #count = 0;
  readonly #seed = randomInt(2 ** 32);
  /**
   * The halves of the latest hash. They are fields because a pair for each id would mean millions
   * of garbage objects.
   */
  #low = 0;
  #high = 0;

  /** @param expected estimated number of ids; 0: unknown */
  constructor(expected: number) {
    const slots = Math.ceil((expected * HEADROOM) / LOAD_MAX);
    this.#slots = new Uint32Array(Math.min(SLOTS_MAX, Math.max(SLOTS_MIN, slots)) * 2);
  }

  /** @returns whether the id is new. When the memory is used up, every id counts as new. */
  add(id: string): boolean {
    if (this.#count >= (this.#slots.length / 2) * LOAD_MAX && !this.#grow()) return !this.has(id);
    this.#hash(id);
    const place = this.#find(this.#slots, this.#low, this.#high);
    if (this.#slots[place] !== 0 || this.#slots[place + 1] !== 0) return false;
    this.#slots[place] = this.#low;
    this.#slots[place + 1] = this.#high;
    this.#count += 1;
    return true;
  }

  has(id: string): boolean {
    this.#hash(id);
    const place = this.#find(this.#slots, this.#low, this.#high);
    return this.#slots[place] !== 0 || this.#slots[place + 1] !== 0;
  }

  /** The slot of the hash, or the free slot where it belongs. */
  #find(slots: Uint32Array, low: number, high: number): number {
    const count = slots.length / 2;
    let slot = Math.floor((low / 2 ** 32) * count);
    for (;;) {
      const place = slot * 2;
      const there = slots[place];
      if (there === low && slots[place + 1] === high) return place;
      if (there === 0 && slots[place + 1] === 0) return place;
      slot = slot + 1 === count ? 0 : slot + 1;
    }
  }

  #grow(): boolean {
    const slots = this.#slots.length / 2;
    if (slots >= SLOTS_MAX) return false;
    const larger = new Uint32Array(Math.min(SLOTS_MAX, slots * 2) * 2);
    for (let place = 0; place < this.#slots.length; place += 2) {
      const low = this.#slots[place] ?? 0;
      const high = this.#slots[place + 1] ?? 0;
      if (low === 0 && high === 0) continue;
      const free = this.#find(larger, low, high);
      larger[free] = low;
      larger[free + 1] = high;
    }
    this.#slots = larger;
    return true;
  }

  /** Two hashes of the FNV-1a family with different seeds and a final mix; never both zero. */
  #hash(id: string): void {
    let one = 0x811c9dc5 ^ this.#seed;
    let two = 0x9747b28c ^ (this.#seed >>> 7);
    for (let index = 0; index < id.length; index += 1) {
      const code = id.charCodeAt(index);
      one = Math.imul(one ^ code, 0x01000193);
      two = Math.imul(two ^ code, 0x5bd1e995);
    }
    this.#high = mixed(two + one);
    this.#low = mixed(one ^ (two >>> 15));
    if (this.#low === 0 && this.#high === 0) this.#low = 1;
  }
}

function mixed(hash: number): number {
  let value = hash ^ (hash >>> 16);
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
