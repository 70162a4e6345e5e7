import type { Workload } from "../client/workload.js";
import type { Place } from "../place.js";
import type { Random } from "../random.js";
import type { OpenSystem } from "../systems/system.js";

/** What faults act on. */
export interface Arena {
  readonly place: Place;
  readonly system: OpenSystem;
  readonly workload: Workload;
  readonly leaseSeconds: number;
  /** Crash points at which no process has died yet come first. */
  nextCrashPoint(random: Random): string | null;
}

export interface Fault {
  readonly name: string;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
  /** Only one fault of a group runs at a time: two restarts of one server at once are only one. */
  readonly group: "process" | "crash" | "clock" | "database" | "redis" | "wire" | "work";
  /** Does the fault and undoes it. @returns a description of what it did */
  run(arena: Arena, random: Random): Promise<string>;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
