import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Plot } from "./plot.js";
import { batchSize, metricsQuery, type ProcessMetrics } from "./process-metrics.js";
import { type Reading, useSamples } from "./samples.js";

interface QueuesRead {
  readonly queues: readonly {
    readonly queue: string;
    readonly pending: number;
    readonly oldest_ready_at: string | null;
  }[];
  readonly as_of: string;
}

const EVERY_MS = 5_000;

/** Values that no table keeps: read every five seconds while the page is open. */
export function LivePlots({ queues }: { queues: QueuesRead | undefined }) {
  const { data: metrics } = useQuery({ ...metricsQuery, refetchInterval: EVERY_MS });
  const waiting = useSamples(queues ? reading(queues, ({ pending }) => pending) : null);
  const oldest = useSamples(queues ? reading(queues, ageOfOldest(queues.as_of)) : null);
  const lag = useSamples(metrics ? { at: metrics.at, values: { "feed lag": metrics.feedLag } } : null);
  const batches = useSamples(useBatchSize(metrics));
  return (
    <>
      <Plot title="Waiting in the queues" unit="jobs, while this page is open" {...waiting} />
      <Plot title="Oldest waiting job" unit="seconds, while this page is open" {...oldest} />
      <Plot title="Feed lag" unit="seconds, this process" {...lag} />
      <Plot title="Settle batch" unit="outcomes per commit, this process" {...batches} />
    </>
  );
}

type Queue = QueuesRead["queues"][number];

function reading({ queues, as_of }: QueuesRead, value: (queue: Queue) => number): Reading {
  const values = Object.fromEntries(queues.map((queue) => [queue.queue, value(queue)]));
  return { at: Date.parse(as_of) / 1_000, values };
}

function ageOfOldest(asOf: string) {
  return ({ oldest_ready_at }: Queue) =>
    oldest_ready_at
      ? Math.max(0, Math.round((Date.parse(asOf) - Date.parse(oldest_ready_at)) / 100) / 10)
      : 0;
}

function useBatchSize(now: ProcessMetrics | undefined): Reading | null {
  const known = useRef<{ metrics: ProcessMetrics; reading: Reading } | null>(null);
  if (now && known.current?.metrics !== now)
    known.current = { metrics: now, reading: batchSize(known.current?.metrics ?? null, now) };
  return known.current?.reading ?? null;
}
