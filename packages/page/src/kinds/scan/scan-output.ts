export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface ScanFinding {
  readonly title: string;
  readonly severity: Severity;
  readonly category: string;
  readonly file: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly snippet: string;
  readonly recommendation: string;
  readonly rule: string;
  readonly scanner: string;
  readonly cwe: string | null;
}

/** The members of a scan's output that the page shows. */
export interface ScanOutput {
  readonly target: Readonly<Record<string, string | null>>;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly files_scanned: number;
  readonly files_skipped: readonly {
    readonly reason: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  readonly findings: readonly ScanFinding[];
  readonly findings_omitted: number;
  readonly scanners: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly ran: boolean;
    readonly why: string | null;
  }[];
  readonly duration_ms: number;
  readonly report: string;
}

/**
 * The handler makes the output, and another program may define the same kind with a different
 * output.
 */
export function asScanOutput(output: unknown): ScanOutput | null {
  if (typeof output !== "object" || output === null) return null;
  const { findings, counts, files_scanned, files_skipped, scanners } = output as Partial<ScanOutput>;
  const whole =
    Array.isArray(findings) &&
    Array.isArray(files_skipped) &&
    Array.isArray(scanners) &&
    typeof files_scanned === "number" &&
    typeof counts === "object";
  return whole ? (output as ScanOutput) : null;
}

export type Grouping = "rule" | "file" | "severity";

/**
 * Findings grouped by what they have in common; the group with the most severe finding comes first.
 */
export function grouped(
  findings: readonly ScanFinding[],
  by: Grouping,
): readonly (readonly [string, readonly ScanFinding[]])[] {
  const groups = new Map<string, ScanFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding[by]);
    if (group) group.push(finding);
    else groups.set(finding[by], [finding]);
  }
  return [...groups].sort(([, a], [, b]) => worst(a) - worst(b) || b.length - a.length);
}

function worst(findings: readonly ScanFinding[]): number {
  return Math.min(...findings.map(({ severity }) => SEVERITIES.indexOf(severity)));
}
