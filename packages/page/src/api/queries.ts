import { queryOptions } from "@tanstack/react-query";
import { versions } from "../live/live.js";
import { api, dataOf } from "./client.js";

const RARELY_MS = 60_000;
const NOW_AND_THEN_MS = 5_000;

/** The kinds of jobs that can be submitted, with the schemas of their inputs. */
export const kindsQuery = queryOptions({
  queryKey: ["kinds"],
  queryFn: async ({ signal }) => (await dataOf(api.GET("/api/kinds", { signal }))).kinds,
  staleTime: RARELY_MS,
});

export const queuesQuery = queryOptions({
  queryKey: ["queues"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/queues", { signal })),
  staleTime: NOW_AND_THEN_MS,
});

export const statsQuery = queryOptions({
  queryKey: ["stats"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/stats", { signal })),
});

export const workersQuery = queryOptions({
  queryKey: ["workers"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/workers", { signal })),
});

/** The identity this browser is signed in as, and whether sign-in is required. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/session", { signal })),
  staleTime: RARELY_MS,
});

/**
 * One job with its input and output. It fills the version store, from which the status is shown.
 */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "job"],
    queryFn: async ({ signal }) => {
      const job = await dataOf(api.GET("/api/jobs/{id}", { params: { path: { id } }, signal }));
      versions.seeJob(job);
      return job;
    },
  });
}

export function explainQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "explain"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/jobs/{id}/explain", { params: { path: { id } }, signal })),
  });
}

export function viewsQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "views"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/jobs/{id}/views", { params: { path: { id } }, signal })),
  });
}

export function transitionsQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "transitions"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/jobs/{id}/transitions", { params: { path: { id } }, signal })),
  });
}

export function attemptsQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "attempts"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/jobs/{id}/attempts", { params: { path: { id } }, signal })),
  });
}

export function artifactsQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id, "artifacts"],
    queryFn: ({ signal }) =>
      dataOf(api.GET("/api/jobs/{id}/artifacts", { params: { path: { id } }, signal })),
  });
}

export const latenciesQuery = queryOptions({
  queryKey: ["latencies"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/stats/latencies", { signal })),
});
