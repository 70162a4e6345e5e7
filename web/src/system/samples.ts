import { useRef } from "react";
import type { Line } from "./plot.js";

interface QueuesRead {
  readonly queues: readonly { readonly queue: string; readonly pending: number }[];
  readonly as_of: string;
}

interface Sample {
  readonly at: number;
  readonly pending: Readonly<Record<string, number>>;
}

/** An hour of one sample every five seconds. */
const SAMPLES_MAX = 720;
const QUEUES_MAX = 6;
const COLOURS = ["--running", "--completed", "--pending", "--failed", "--cancelled", "--accent"] as const;

/** How many jobs waited in each queue at each read, for as long as the page is open. */
export function useSamples(read: QueuesRead | undefined): {
  times: readonly number[];
  lines: readonly Line[];
} {
  const samples = useRef<Sample[]>([]);
  const at = read ? Date.parse(read.as_of) / 1_000 : 0;
  if (read && samples.current.at(-1)?.at !== at) {
    const pending = Object.fromEntries(read.queues.map(({ queue, pending: count }) => [queue, count]));
    samples.current = [...samples.current.slice(1 - SAMPLES_MAX), { at, pending }];
  }
  const names = (read?.queues ?? []).map(({ queue }) => queue).slice(0, QUEUES_MAX);
  return {
    times: samples.current.map((sample) => sample.at),
    lines: names.map((label, index) => ({
      label,
      colour: COLOURS[index] ?? "--text",
      values: samples.current.map(({ pending }) => pending[label] ?? null),
    })),
  };
}
