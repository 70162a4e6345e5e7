import type { Ledger, StatusExplanation } from "lockstep/internal/ledger";
import type { Kinds } from "./kind-catalog/index.js";

/**
 * When no worker offers a job's kind, adds the programs that a worker's machine needs to the
 * explanation: such workers may be running without the kind because a program is missing.
 */
export async function withPrograms(
  explanation: StatusExplanation,
  ledger: Pick<Ledger, "get">,
  kinds: Kinds,
): Promise<StatusExplanation> {
  const fit = explanation.evidence.find(({ name }) => name === "live_workers_that_fit");
  if (explanation.status !== "pending" || fit?.value !== 0) return explanation;
  const job = await ledger.get(explanation.job_id);
  const programs = kinds.workload(job?.kind ?? "")?.programs.needed ?? [];
  if (job === null || programs.length === 0) return explanation;
  const packages = programs.map((each) => each.debian_package);
  return {
    ...explanation,
    summary: `${explanation.summary} A worker offers ${job.kind} only where ${programs.map((each) => each.program).join(" and ")} are installed; on Debian: apt-get install ${packages.join(" ")}, then restart the worker.`,
    evidence: [
      ...explanation.evidence,
      {
        name: "needed_programs",
        value: programs.map(({ program, debian_package }) => ({ program, debian_package })),
      },
    ],
  };
}
