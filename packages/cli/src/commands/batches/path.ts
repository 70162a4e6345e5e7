/** The path of a batch. The server reports an unknown id. */
export function batchPath(id = ""): string {
  return `/api/batches/${encodeURIComponent(id)}`;
}
