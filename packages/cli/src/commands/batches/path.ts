/** The address of a batch. The server says when there is none. */
export function batchPath(id = ""): string {
  return `/api/batches/${encodeURIComponent(id)}`;
}
