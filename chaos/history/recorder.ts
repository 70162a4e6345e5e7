import { createHash } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import type { HistoryEvent } from "./events.js";

/** Milliseconds of the clock that all processes of this machine share. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * A short name for a result. Two results with the same digest are the same JSON in any order of
 * members.
 */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(sorted(value)).digest("base64url").slice(0, 16);
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`);
  return `{${members.join(",")}}`;
}

/** Keeps the history of a run in memory for the oracle, and writes it to a file for people. */
export class Recorder {
  readonly events: HistoryEvent[] = [];
  /** Answers without information: lost replies, refused connections, 5xx. */
  unknown = 0;
  /** Crash points that some process reached, and those at which one died. */
  readonly pointsPassed = new Set<string>();
  readonly pointsDied = new Set<string>();
  readonly #file: WriteStream | null;

  /** @param file lines of JSON; null: no file is written */
  constructor(file: string | null) {
    this.#file = file === null ? null : createWriteStream(file);
  }

  add(event: HistoryEvent): void {
    this.events.push(event);
    if (event.e === "point") (event.killed ? this.pointsDied : this.pointsPassed).add(event.point);
    this.#file?.write(`${JSON.stringify(event)}\n`);
  }

  async close(): Promise<void> {
    const file = this.#file;
    if (file) await new Promise<void>((resolve) => file.end(resolve));
  }
}
