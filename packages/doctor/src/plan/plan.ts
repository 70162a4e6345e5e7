import { STATUSES } from "lockstep/internal/job";
import { z } from "zod";
import { PATTERNS } from "../compare/patterns.js";

/** Which side wins where both sides have an outcome. Only a person can decide this. */
export const PREFERENCES = ["queue", "record", "newest"] as const;

export type Preference = (typeof PREFERENCES)[number];

const RepairValues = z.strictObject({
  status: z.enum(STATUSES),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
  result_json: z.string().optional(),
  error_json: z.string().optional(),
});

const Change = z.strictObject({
  field: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** The source of the new value: a view and its field, or `clock`. */
  source: z.string(),
});

/** One guarded write. */
export const PlanItem = z.strictObject({
  id: z.string(),
  pattern: z.enum(PATTERNS),
  /** The view that is changed. */
  view: z.string(),
  action: z.enum(["settle", "remove", "enqueue", "refresh"]),
  to: RepairValues,
  /**
   * What every view showed: its fingerprint, or `absent`. If it differs at the time of the write,
   * nothing is written.
   */
  marks: z.record(z.string(), z.string()),
  changes: z.array(Change),
});

export type PlanItem = z.output<typeof PlanItem>;

export type Change = z.output<typeof Change>;

/** A job in drift that is not repaired, and why. */
export const PlanSkip = z.strictObject({ id: z.string(), pattern: z.enum(PATTERNS), why: z.string() });

export type PlanSkip = z.output<typeof PlanSkip>;

export const PlanHeader = z.strictObject({
  schema: z.literal("lockstep.plan/1"),
  plan: z.uuid(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  config_hash: z.string(),
  prefer: z.partialRecord(z.enum(PATTERNS), z.enum(PREFERENCES)),
});

export type PlanHeader = z.output<typeof PlanHeader>;

export const PlanFooter = z.strictObject({
  repairs: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  /** SHA-256 of all lines before this one. */
  sha256: z.string(),
});

export type PlanFooter = z.output<typeof PlanFooter>;

/** A line of the file: the header first, then items and skips in any order, the footer last. */
export const PlanLine = z.union([
  z.strictObject({ header: PlanHeader }),
  z.strictObject({ item: PlanItem }),
  z.strictObject({ skip: PlanSkip }),
  z.strictObject({ footer: PlanFooter }),
]);
