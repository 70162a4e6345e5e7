import type { FastifyRequest } from "fastify";
import { LockstepError } from "lockstep/internal/errors";

/** A job's ETag: its version. Progress is not a transition, so it does not change it. */
export function etag(job: { readonly version: number }): string {
  return `"${job.version}"`;
}

/** Whether `If-None-Match` names the version that the client would receive. */
export function isKnown(request: FastifyRequest, job: { readonly version: number }): boolean {
  const header = request.headers["if-none-match"];
  return (
    header !== undefined &&
    (header.trim() === "*" || header.split(",").some((tag) => strip(tag) === String(job.version)))
  );
}

/**
 * The version that `If-Match` names.
 * @returns null when any version is accepted
 * @throws INVALID_REQUEST
 */
export function expectedVersion(request: FastifyRequest): number | null {
  const header = request.headers["if-match"];
  if (header === undefined || header.trim() === "*") return null;
  const version = strip(header);
  if (/^\d{1,9}$/.test(version)) return Number(version);
  const issue = { pointer: "/if-match", detail: 'must be one version, such as "3", or *', in: "header" };
  throw new LockstepError("INVALID_REQUEST", "The If-Match header is not a version.", { issues: [issue] });
}

function strip(tag: string): string {
  return tag
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
}
