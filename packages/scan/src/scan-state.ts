import type { ArtifactStore } from "lockstep/internal/artifacts";
import type { JobContext } from "lockstep/internal/job";
import type { ScanInput, ScannerName } from "./input.js";
import type { ScanLimits } from "./limits.js";
import type { Collector } from "./report/collect.js";
import type { Target } from "./target/open-target.js";
import type { Tally } from "./walk/tally.js";

/**
 * The part of the progress for the files. Before it the target is fetched; after it come tools and
 * report.
 */
export const FILES_FROM = 0.05;
export const FILES_TO = 0.9;

/** What a scan needs besides its input. */
export interface ScanSetting {
  readonly roots: readonly string[];
  readonly store: ArtifactStore;
  readonly allowPrivateAddresses: boolean;
  readonly gitCaFile: string | null;
  readonly searchPath: string;
  readonly semgrepRules: string | null;
  readonly trivyCache: string;
  readonly limits: ScanLimits;
}

export interface ScanPlace extends ScanSetting {
  /** An empty private folder that the caller removes afterwards. */
  readonly work: string;
}

/** A running scan: its target and its findings so far. */
export interface Scan {
  readonly input: ScanInput;
  readonly ctx: JobContext;
  readonly place: ScanPlace;
  readonly target: Target;
  readonly collector: Collector;
  readonly tally: Tally;
}

/** Whether the input asks for a scanner: an input without a list asks for all. */
export function wants(input: ScanInput, name: ScannerName): boolean {
  return input.scanners === undefined || input.scanners.includes(name);
}
