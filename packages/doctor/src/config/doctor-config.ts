import type { Issue } from "lockstep/internal/errors";
import { z } from "zod";
import { ViewConfig } from "../views/registry.js";
import { DurationText } from "./durations.js";

const VIEWS_MAX = 4;
const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, {
  error:
    "a view's name must start with a letter, followed by letters, digits, - and _ (40 characters at most)",
});

/**
 * The content of `lockstep.doctor.yaml`: two to four views of the same jobs, and which of them is
 * the record.
 */
export const DoctorConfig = z.strictObject({
  version: z.literal(1).default(1),
  /** The name of the view that should be right, in which repairs are made. */
  record: z.string(),
  /** How long a difference must last to be drift. */
  quiet_period: DurationText.prefault("3s"),
  /** Whether results of completed jobs are compared where both sides have one. */
  compare_results: z.boolean().default(true),
  views: z.record(Name, ViewConfig),
});

export type DoctorConfig = z.output<typeof DoctorConfig>;

const Names = z.object({ record: z.string().optional(), views: z.record(z.string(), z.unknown()) });

/**
 * Checks the views and the record together. Not part of the schema, because zod skips such checks
 * while a view is invalid.
 */
export function validateNames(raw: unknown): Issue[] {
  const parsed = Names.safeParse(raw);
  if (!parsed.success) return [];
  const { record, views } = parsed.data;
  const names = Object.keys(views);
  const issues: Issue[] = [];
  if (names.length < 2 || names.length > VIEWS_MAX)
    issues.push({ pointer: "/views", detail: `must name two to ${VIEWS_MAX} views, not ${names.length}` });
  if (record !== undefined && !names.includes(record))
    issues.push({ pointer: "/record", detail: `must be the name of one of the views: ${names.join(", ")}` });
  return issues;
}
