import type { HistoryEvent, StreamEvent } from "../history/events.js";
import type { Findings } from "./finding.js";
import type { LedgerJob } from "./ledger.js";

/** A stream skips no version of a job, and shows only what was committed. */
export function judgeStreams(
  events: readonly HistoryEvent[],
  jobs: readonly LedgerJob[],
  findings: Findings,
): void {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const seen = new Map<string, Map<string, Set<number>>>();
  const hadReset = new Set<string>();
  for (const event of events) {
    if (event.e === "stream-reset") hadReset.add(event.client);
    if (event.e !== "stream") continue;
    judgeStreamed(event, byId.get(event.id), findings);
    const jobsSeen = seen.get(event.client) ?? new Map<string, Set<number>>();
    seen.set(event.client, jobsSeen.set(event.id, (jobsSeen.get(event.id) ?? new Set()).add(event.version)));
  }
  for (const [client, jobsSeen] of seen) {
    if (hadReset.has(client)) continue;
    for (const [id, versions] of jobsSeen) {
      const job = byId.get(id);
      for (let version = Math.min(...versions); version <= (job?.version ?? 0); version++)
        if (!versions.has(version))
          findings.add(
            "the stream skipped a version",
            job?.key ?? id,
            `${client} did not get version ${version}`,
          );
    }
  }
}

function judgeStreamed(event: StreamEvent, job: LedgerJob | undefined, findings: Findings): void {
  const committed = job?.transitions[event.version - 1];
  if (committed?.status !== event.status)
    findings.add(
      "a status that was never committed",
      job?.key ?? event.id,
      `the stream showed ${event.status} version ${event.version}, the log has ${committed?.status}`,
    );
}
