import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.js";
import type { components } from "../api/schema.js";

export type Batch = components["schemas"]["Batch"];
export type BatchResult = components["schemas"]["BatchResults"]["results"][number];

/** The number of results that the page shows at first; the downloads have all. */
export const RESULTS_SHOWN = 100;
/** The number of results that each "Show more" adds. */
export const RESULTS_MORE = 500;
/** Batches on one page of the list. It is small because the jobs of each batch are counted. */
const LISTED = 20;

export function batchQuery(id: string) {
  return queryOptions({
    queryKey: ["batch", id, "batch"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/batches/{id}", { params: { path: { id } }, signal })),
  });
}

/** The best results of a batch so far. */
export function resultsQuery(id: string, limit: number) {
  return queryOptions({
    queryKey: ["batch", id, "results", limit],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { format: "json", limit } };
      const { data, error, response } = await api.GET("/api/batches/{id}/results", { params, signal });
      const answer = await dataOf(Promise.resolve({ data, error, response }));
      return answer as components["schemas"]["BatchResults"];
    },
  });
}

export function batchesQuery(cursor: string | undefined) {
  return queryOptions({
    queryKey: ["batches", cursor ?? ""],
    queryFn: ({ signal }) => {
      const query = cursor === undefined ? { limit: LISTED } : { limit: LISTED, cursor };
      return dataOf(api.GET("/api/batches", { params: { query }, signal }));
    },
  });
}

/** Whether some of its jobs have not ended. */
export function isOpen({ progress, jobs }: Batch): boolean {
  return progress.finished < jobs;
}
