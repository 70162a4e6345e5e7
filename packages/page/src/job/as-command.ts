import type { KnownJob } from "../live/version-store.js";

/** The job's submission as a shell command: all job data is inside single quotes. */
export function asCurl(job: Pick<KnownJob, "kind" | "queue" | "whole">, origin: string): string {
  const body = JSON.stringify({ kind: job.kind, queue: job.queue, input: job.whole?.input });
  return `curl -sS ${quoted(`${origin}/api/jobs`)} -H 'content-type: application/json' -d ${quoted(body)}`;
}

export function asCli(job: Pick<KnownJob, "kind" | "queue" | "whole">): string {
  const input = JSON.stringify(job.whole?.input ?? null);
  return `lockstep submit ${quoted(job.kind)} --queue ${quoted(job.queue)} --input ${quoted(input)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
