import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.js";
import type { components } from "../api/schema.js";

export type Check = components["schemas"]["DoctorCheck"];
export type DriftFinding = components["schemas"]["DoctorFinding"];
export type Plan = components["schemas"]["DoctorPlanPage"];
export type Cell = Check["cells"][number];

const WATCHED_MS = 1_000;
const IDLE_MS = 15_000;
const PLAN_ITEMS = 100;

/** What a plan does about a job, as text, in the order of the matrix. */
export const ACTIONS = {
  settle: "Set the outcome",
  remove: "Remove the entry",
  enqueue: "Enqueue again",
  refresh: "Rewrite the copy",
  none: "Needs review",
} as const satisfies Record<Cell["action"], string>;

/** The latest checks, newest first; polled every second while one is running. */
export const checksQuery = queryOptions({
  queryKey: ["doctor", "checks"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/doctor/checks", { signal })),
  refetchInterval: ({ state }) => (state.data?.checks[0]?.status === "running" ? WATCHED_MS : IDLE_MS),
});

export const runsQuery = queryOptions({
  queryKey: ["doctor", "runs"],
  queryFn: ({ signal }) => dataOf(api.GET("/api/doctor/runs", { signal })),
  refetchInterval: IDLE_MS,
});

export function findingsQuery(check: string, pattern: string, action: string) {
  return queryOptions({
    queryKey: ["doctor", "findings", check, pattern, action],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET("/api/doctor/checks/{id}/findings", {
          params: { path: { id: check }, query: { pattern, action } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The repairs of a plan, a hundred at a time. */
export function planQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["doctor", "plan", id],
    initialPageParam: 0,
    queryFn: ({ pageParam: after, signal }) =>
      dataOf(
        api.GET("/api/doctor/plans/{id}", {
          params: { path: { id }, query: { after, limit: PLAN_ITEMS } },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The progress of the apply of a plan. */
export async function readApplying(id: string): Promise<Plan["applying"]> {
  const params = { path: { id }, query: { limit: 1 } };
  return (await dataOf(api.GET("/api/doctor/plans/{id}", { params }))).applying;
}

/** The latest check that ended. */
export function latestDone(checks: readonly Check[] | undefined): Check | null {
  return checks?.find(({ summary }) => summary !== null) ?? null;
}
