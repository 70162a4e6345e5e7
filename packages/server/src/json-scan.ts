import type { Issue } from "lockstep/internal/errors";
import { JSON_DEPTH_MAX, pointerOf } from "lockstep/internal/job";

// An input is at most four levels deep in a body (/jobs/3/input, /settlements/3/outcome/output).
const DEPTH_MAX = JSON_DEPTH_MAX + 4;
// Beyond this depth the scan stops, because parsing the text would take seconds.
const DEPTH_ABSURD = 10_000;
const ISSUES_MAX = 100;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;

interface Frame {
  /** null in an array. */
  readonly keys: Set<string> | null;
  expectsKey: boolean;
  key: string;
  index: number;
}

/**
 * Result of a scan. `tooDeep` means that it stopped there, and that the text must not be parsed.
 */
export interface JsonScan {
  readonly issues: readonly Issue[];
  readonly tooDeep: boolean;
}

/**
 * Searches JSON text for what `JSON.parse` would accept and change silently, or would be slow at:
 * duplicate names, `__proto__`, numbers that a double cannot represent, nesting deeper than
 * allowed. One pass, no recursion. Its result for text that is not JSON means nothing.
 * Every body is scanned, up to 32 MiB, and may be nested five million levels deep: a parser with
 * positions such as jsonc-parser recurses, or examines each character where `indexOf` can skip.
 */
export function scanJson(text: string): JsonScan {
  const scan = new Scan(text);
  while (scan.step());
  return scan;
}

class Scan implements JsonScan {
  readonly issues: Issue[] = [];
  tooDeep = false;
  readonly #text: string;
  readonly #frames: Frame[] = [];
  #at = 0;
  /**
   * Levels below the deepest one allowed. Their content is not examined: the issue is reported at
   * their root.
   */
  #below = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Reads one token.
   * @returns whether there is more
   */
  step(): boolean {
    const character = this.#text[this.#at];
    if (character === undefined || this.tooDeep || this.issues.length >= ISSUES_MAX) return false;
    const frame = this.#below > 0 ? undefined : this.#frames.at(-1);
    if (character === '"') return this.#takeString(frame);
    if (character === "-" || (character >= "0" && character <= "9")) return this.#takeNumber();
    this.#at += 1;
    if (character === "{" || character === "[") return this.#open(character === "{");
    if (character === "}" || character === "]") this.#close();
    else if (character === "," && frame) {
      frame.expectsKey = frame.keys !== null;
      frame.index += 1;
    } else if (character === ":" && frame) frame.expectsKey = false;
    return true;
  }

  #open(object: boolean): boolean {
    if (this.#below > 0 || this.#frames.length > DEPTH_MAX) {
      if (this.#below === 0) this.#addIssue(`is nested deeper than ${JSON_DEPTH_MAX}`);
      this.#below += 1;
      this.tooDeep = this.#below > DEPTH_ABSURD;
    } else this.#frames.push({ keys: object ? new Set() : null, expectsKey: object, key: "", index: 0 });
    return true;
  }

  #close(): void {
    if (this.#below > 0) this.#below -= 1;
    else this.#frames.pop();
  }

  #takeString(frame: Frame | undefined): boolean {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (end > 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    this.#at = end < 0 ? this.#text.length : end + 1;
    if (frame?.keys && frame.expectsKey) this.#takeKey(frame, frame.keys, this.#text.slice(start, this.#at));
    return true;
  }

  #isEscaped(quote: number): boolean {
    let slashes = 0;
    while (this.#text[quote - 1 - slashes] === "\\") slashes += 1;
    return slashes % 2 === 1;
  }

  #takeKey(frame: Frame, keys: Set<string>, literal: string): void {
    frame.key = unquote(literal);
    if (frame.key === "__proto__") this.#addIssue("is a reserved name");
    if (keys.has(frame.key)) this.#addIssue("appears more than once");
    keys.add(frame.key);
  }

  #takeNumber(): boolean {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (!match) {
      this.#at += 1;
      return true;
    }
    const [literal, , exponent] = match;
    this.#at += literal.length;
    const value = Number(literal);
    if (!Number.isFinite(value)) this.#addIssue("is a number beyond the range of a double");
    else if (exponent === undefined && Math.abs(value) > Number.MAX_SAFE_INTEGER)
      this.#addIssue("is a number that would be rounded: send integers beyond 2^53 - 1 as text");
    return true;
  }

  #addIssue(detail: string): void {
    if (this.#below > 0) return;
    this.issues.push({ pointer: pointerOf(this.#frames.map(step)), detail });
  }
}

function step(frame: Frame): string | number {
  return frame.keys ? frame.key : frame.index;
}

function unquote(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal; // Not JSON; the parser will report it.
  }
}
