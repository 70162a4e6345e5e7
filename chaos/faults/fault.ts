import type { Workload } from "../client/workload.js";
import type { Place } from "../place.js";
import type { Random } from "../random.js";
import type { OpenSystem } from "../systems/system.js";

/** What faults are done to. */
export interface Arena {
  readonly place: Place;
  readonly system: OpenSystem;
  readonly workload: Workload;
  readonly leaseSeconds: number;
  /** Crash points that nobody has died at yet come first. */
  nextCrashPoint(random: Random): string | null;
}

export interface Fault {
  readonly name: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  /** Only one fault of a group is under way at a time: two restarts of one server at once are none. */
  readonly group: "process" | "crash" | "clock" | "database" | "redis" | "wire" | "work";
  /** Does it, and undoes it. @returns what exactly was done */
  run(arena: Arena, random: Random): Promise<string>;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
