import { z } from "zod";
import { rawFindingSchema, SEVERITIES } from "../report/finding.js";
import { SKIP_REASONS, type SkipReason } from "../walk/tally.js";
import type { WalkOptions } from "../walk/walk.js";

/**
 * What a scan and its scanner processes say to each other. One request at a time; every answer ends with `walked`,
 * `done` or `failed`. What comes from a scanner process is checked, because that process reads hostile files.
 */
export type ScannerRequest =
  | { readonly type: "walk"; readonly options: WalkOptions }
  | { readonly type: "scan"; readonly file: string };

/** Given to a scanner process once, as its first argument. */
export interface ScannerSetup {
  /** The scanned folder. */
  readonly root: string;
  readonly fileBytesMax: number;
  readonly findingsPerFileMax: number;
  readonly scanners: readonly OwnScanner[];
}

/** The scanners that run inside the scanner process. */
export const OWN_SCANNERS = ["secretlint", "eslint"] as const;
export type OwnScanner = (typeof OWN_SCANNERS)[number];

const skipReason = z.enum(Object.keys(SKIP_REASONS) as [SkipReason, ...SkipReason[]]);
const counts = z.record(z.enum(SEVERITIES), z.number().int().nonnegative());

export const scannerAnswerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), versions: z.partialRecord(z.enum(OWN_SCANNERS), z.string()) }),
  z.object({
    type: z.literal("walked"),
    files: z.array(z.string()),
    skipped: z.array(
      z.object({ reason: skipReason, count: z.number().int(), examples: z.array(z.string()).readonly() }),
    ),
  }),
  /** What one scanner found in the file, as soon as it is known: a later crash does not lose it. */
  z.object({ type: z.literal("findings"), findings: z.array(rawFindingSchema), dropped: counts }),
  z.object({ type: z.literal("done"), skip: skipReason.nullable() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);

export type ScannerAnswer = z.output<typeof scannerAnswerSchema>;
