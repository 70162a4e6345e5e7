/** The download URL of an artifact of a job's latest attempt. */
export function artifactUrl(id: string, name: string): string {
  return `/api/jobs/${id}/artifacts/${encodeURIComponent(name)}`;
}
