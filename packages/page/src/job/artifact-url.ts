/** Where an artifact of a job's latest attempt is downloaded. */
export function artifactUrl(id: string, name: string): string {
  return `/api/jobs/${id}/artifacts/${encodeURIComponent(name)}`;
}
