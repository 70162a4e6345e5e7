import { z } from "zod";

/** Most severe first. */
export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];
export type SeverityCounts = Record<Severity, number>;

export const CATEGORIES = [
  "secret",
  "injection",
  "cryptography",
  "access_control",
  "transport",
  "configuration",
  "denial_of_service",
  "dependency",
  "bug",
  "maintainability",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** The part of a finding that the job's output shows. */
export interface ScanFinding {
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  /** Relative to the scanned folder, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly start_line: number;
  readonly end_line: number;
  /** The first lines of the location, secrets masked. */
  readonly snippet: string;
  readonly recommendation: string;
  /** Such as `sonarjs/code-eval`. */
  readonly rule: string;
  readonly scanner: string;
  /** Such as `CWE-95`. */
  readonly cwe: string | null;
}

/**
 * A finding as a scanner reports it, before masking: it may contain secrets, so it must not leave
 * the scan. It is a schema because it comes from a process that read untrusted files.
 */
export const rawFindingSchema = z.object({
  title: z.string(),
  severity: z.enum(SEVERITIES),
  category: z.enum(CATEGORIES),
  file: z.string(),
  start_line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  /** From 1; null when the scanner reports no column. */
  start_column: z.number().int().positive().nullable(),
  /** The lines of the location, each cut at RAW_LINE_MAX. */
  snippet: z.string(),
  /** The scanner's own message about this location. */
  message: z.string(),
  recommendation: z.string(),
  rule: z.string(),
  scanner: z.string(),
  cwe: z.string().nullable(),
  help_url: z.string().nullable(),
  /** Texts in the file that are secrets, exactly as written. */
  secrets: z.array(z.string()),
});

export type RawFinding = z.output<typeof rawFindingSchema>;

/**
 * Where a line of a raw snippet is cut. It is longer than the shown part, so that a secret at the
 * edge is still recognised.
 */
export const RAW_LINE_MAX = 600;
export const SNIPPET_LINES_MAX = 5;

export function noCounts(): SeverityCounts {
  return { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
}

const RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** Most severe first, then by location. */
export function byImportance(a: RawFinding, b: RawFinding): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    compare(a.file, b.file) ||
    a.start_line - b.start_line ||
    (a.start_column ?? 0) - (b.start_column ?? 0) ||
    compare(a.rule, b.rule)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
