import {
  byImportance,
  noCounts,
  type RawFinding,
  SEVERITIES,
  type Severity,
  type SeverityCounts,
} from "./finding.js";

/** Collects findings within a limit: counts are exact, and the most severe findings are kept. */
export interface Collector {
  add(findings: readonly RawFinding[]): void;
  /** Adds findings that were counted elsewhere but not kept. */
  addDropped(counts: Partial<SeverityCounts>): void;
  /** All findings, kept or not. */
  counts(): SeverityCounts;
  /** Most severe first. */
  kept(): RawFinding[];
}

export function createCollector(keptMax: number): Collector {
  const counts = noCounts();
  const bySeverity = new Map<Severity, RawFinding[]>(SEVERITIES.map((severity) => [severity, []]));
  let kept = 0;

  /**
   * Makes room by dropping a finding that is less severe than this one.
   * @returns whether there is room
   */
  function makeRoom(severity: Severity): boolean {
    if (kept < keptMax) return true;
    const lesser = SEVERITIES.slice(SEVERITIES.indexOf(severity) + 1).reverse();
    const victim = lesser.find((name) => (bySeverity.get(name)?.length ?? 0) > 0);
    if (victim === undefined) return false;
    bySeverity.get(victim)?.pop();
    kept -= 1;
    return true;
  }

  return {
    add(findings) {
      for (const finding of findings) {
        counts[finding.severity] += 1;
        if (!makeRoom(finding.severity)) continue;
        bySeverity.get(finding.severity)?.push(finding);
        kept += 1;
      }
    },
    addDropped(dropped) {
      for (const severity of SEVERITIES) counts[severity] += dropped[severity] ?? 0;
    },
    counts: () => ({ ...counts }),
    kept: () => [...bySeverity.values()].flat().sort(byImportance),
  };
}
