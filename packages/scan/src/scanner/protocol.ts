import { z } from "zod";
import { rawFindingSchema, SEVERITIES } from "../report/finding.js";
import { SKIP_REASONS, type SkipReason } from "../walk/tally.js";
import type { WalkOptions } from "../walk/walk.js";

/**
 * The messages between a scan and its scanner processes. One request at a time; every answer ends
 * with `walked`, `done` or `failed`. Messages from a scanner process are validated, because that
 * process reads untrusted files.
 */
export type ScannerRequest =
  | { readonly type: "walk"; readonly options: WalkOptions }
  | { readonly type: "scan"; readonly file: string };

/** Passed to a scanner process once, as its first argument. */
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
  /**
   * The findings of one scanner in the file, sent at once so that a later crash does not lose them.
   */
  z.object({ type: z.literal("findings"), findings: z.array(rawFindingSchema), dropped: counts }),
  z.object({ type: z.literal("done"), skip: skipReason.nullable() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);

export type ScannerAnswer = z.output<typeof scannerAnswerSchema>;
