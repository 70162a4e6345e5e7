import type { ArchiveCandidate } from "../ledger/index.js";

/** Size of one batch's payloads, as the database stores them. */
const BATCH_STORED_BYTES_MAX = 32 * 1024 * 1024;
const MEMBER_JOBS_MAX = 64;
const MEMBER_STORED_BYTES_MAX = 256 * 1024;

/** As many candidates as fit, and at least one. */
export function withinBytes(candidates: readonly ArchiveCandidate[]): readonly ArchiveCandidate[] {
  let bytes = 0;
  const end = candidates.findIndex((candidate, index) => {
    bytes += candidate.stored_bytes;
    return index > 0 && bytes > BATCH_STORED_BYTES_MAX;
  });
  return end === -1 ? candidates : candidates.slice(0, end);
}

/** Groups the jobs by the UTC day on which they finished. */
export function byDay(batch: readonly ArchiveCandidate[]): Map<string, ArchiveCandidate[]> {
  const days = new Map<string, ArchiveCandidate[]>();
  for (const candidate of batch) {
    const day = candidate.finished_at.slice(0, 10);
    const known = days.get(day);
    if (known) known.push(candidate);
    else days.set(day, [candidate]);
  }
  return days;
}

/** Groups of jobs that are compressed, and later decompressed, together. */
export function membersOf(jobs: readonly ArchiveCandidate[]): ArchiveCandidate[][] {
  const members: ArchiveCandidate[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    const last = members.at(-1);
    if (last && last.length < MEMBER_JOBS_MAX && bytes + job.stored_bytes <= MEMBER_STORED_BYTES_MAX) {
      last.push(job);
      bytes += job.stored_bytes;
    } else {
      members.push([job]);
      bytes = job.stored_bytes;
    }
  }
  return members;
}
