import { queryOptions } from "@tanstack/react-query";
import { ApiProblem } from "../api/problem.js";
import type { Reading } from "./samples.js";

/** Metrics of the process that serves this page. */
export interface ProcessMetrics {
  readonly at: number;
  /** Seconds; null: another process writes the projection to Redis, or none does. */
  readonly feedLag: number | null;
  /** Outcomes and turns committed since the process started. */
  readonly settled: { readonly outcomes: number; readonly turns: number };
}

/** The numbers that only `/metrics` has. */
export const metricsQuery = queryOptions({
  queryKey: ["metrics"],
  queryFn: async ({ signal }) => {
    const answer = await fetch("/metrics", { signal });
    if (!answer.ok) throw new ApiProblem(answer.status, {});
    return parseMetrics(await answer.text(), Date.now() / 1_000);
  },
  retry: false,
});

export function parseMetrics(text: string, at: number): ProcessMetrics {
  const value = (name: string) => {
    const found = new RegExp(`^${name} ([0-9.eE+-]+)$`, "m").exec(text);
    return found ? Number(found[1]) : null;
  };
  return {
    at,
    feedLag: value("lockstep_feed_lag_seconds"),
    settled: {
      outcomes: value("lockstep_settle_batch_size_sum") ?? 0,
      turns: value("lockstep_settle_batch_size_count") ?? 0,
    },
  };
}

/** Average outcomes per turn between two readings; null: nothing was settled. */
export function batchSize(before: ProcessMetrics | null, now: ProcessMetrics): Reading {
  const turns = now.settled.turns - (before?.settled.turns ?? 0);
  const outcomes = now.settled.outcomes - (before?.settled.outcomes ?? 0);
  const size = before && turns > 0 ? Math.round((outcomes / turns) * 10) / 10 : null;
  return { at: now.at, values: { "outcomes per turn": size } };
}
