import type { CheckSummary, Pattern } from "@lockstep/doctor";

/**
 * The latest check in Prometheus text format, with a line for every pattern. All label values are
 * our own words, so nothing needs escaping.
 */
export function metricsText(summary: CheckSummary | null, patterns: readonly Pattern[]): string {
  if (summary === null) return "# no check has finished yet\n";
  const jobsOf = (name: string) => summary.patterns.find(({ pattern }) => pattern === name)?.jobs ?? 0;
  const gauge = (name: string, help: string, lines: readonly string[]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...lines,
  ];
  return [
    ...gauge(
      "lockstep_drift_jobs",
      "Jobs in drift, by pattern, at the latest check.",
      patterns.map((pattern) => `lockstep_drift_jobs{pattern="${pattern}"} ${jobsOf(pattern)}`),
    ),
    ...gauge("lockstep_drift_compared_jobs", "Jobs compared by the latest check.", [
      `lockstep_drift_compared_jobs ${summary.compared}`,
    ]),
    ...gauge("lockstep_drift_check_complete", "Whether the latest check could read everything.", [
      `lockstep_drift_check_complete ${summary.verdict === "unknown" ? 0 : 1}`,
    ]),
    ...gauge("lockstep_drift_check_seconds", "How long the latest check took.", [
      `lockstep_drift_check_seconds ${summary.seconds}`,
    ]),
    ...gauge("lockstep_drift_check_timestamp_seconds", "When the latest check began.", [
      `lockstep_drift_check_timestamp_seconds ${Date.parse(summary.started_at) / 1_000}`,
    ]),
    "",
  ].join("\n");
}
