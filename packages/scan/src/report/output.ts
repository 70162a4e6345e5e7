import { SKIP_REASONS, type Skipped } from "../walk/tally.js";
import type { ScanFinding, SeverityCounts } from "./finding.js";
import type { PresentedFinding } from "./present.js";

export const SARIF_NAME = "report.sarif";

/** A scanner, whether it ran, and if not, why. */
export type ScannerReport = {
  readonly name: string;
  readonly version: string | null;
  readonly ran: boolean;
  readonly why: string | null;
};

/** What was scanned, in enough detail to find it again. */
export type TargetReport =
  | { readonly type: "path"; readonly path: string }
  | { readonly type: "file"; readonly file: string; readonly name: string }
  | { readonly type: "git"; readonly url: string; readonly ref: string | null; readonly commit: string };

/** The output of a `scan` job. */
export type ScanOutput = {
  readonly target: TargetReport;
  /** All findings, also those omitted below. */
  readonly counts: SeverityCounts;
  readonly files_scanned: number;
  readonly files_skipped: readonly {
    readonly reason: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  /** Most severe first. */
  readonly findings: readonly ScanFinding[];
  /** The number of findings that are not in `findings`. */
  readonly findings_omitted: number;
  readonly scanners: readonly ScannerReport[];
  readonly duration_ms: number;
  /** The name of the artifact with the SARIF 2.1.0 report. */
  readonly report: string;
};

export interface OutputParts {
  readonly target: TargetReport;
  readonly counts: SeverityCounts;
  readonly filesScanned: number;
  readonly skipped: readonly Skipped[];
  readonly findings: readonly PresentedFinding[];
  readonly scanners: readonly ScannerReport[];
  readonly durationMs: number;
  readonly findingsMax: number;
  readonly bytesMax: number;
}

export function scanOutput(parts: OutputParts): ScanOutput {
  const findings = withinBounds(parts.findings.map(toFinding), parts.findingsMax, parts.bytesMax);
  const total = Object.values(parts.counts).reduce((sum, count) => sum + count, 0);
  return {
    target: parts.target,
    counts: parts.counts,
    files_scanned: parts.filesScanned,
    files_skipped: parts.skipped.map(({ reason, count, examples }) => ({
      reason: SKIP_REASONS[reason],
      count,
      examples,
    })),
    findings,
    findings_omitted: total - findings.length,
    scanners: parts.scanners,
    duration_ms: parts.durationMs,
    report: SARIF_NAME,
  };
}

function toFinding({ start_column, message, help_url, ...finding }: PresentedFinding): ScanFinding {
  return finding;
}

function withinBounds(findings: readonly ScanFinding[], countMax: number, bytesMax: number): ScanFinding[] {
  let bytes = 0;
  const end = findings.slice(0, countMax).findIndex((finding) => {
    bytes += Buffer.byteLength(JSON.stringify(finding)) + 1;
    return bytes > bytesMax;
  });
  return findings.slice(0, end === -1 ? countMax : end);
}
