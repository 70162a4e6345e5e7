import { useRef } from "react";
import type { Line } from "./plot.js";

/** The values at one moment, a number for each line; null: no value. */
export interface Reading {
  /** Seconds since 1970. */
  readonly at: number;
  readonly values: Readonly<Record<string, number | null>>;
}

/** One hour of samples, one every five seconds. */
const SAMPLES_MAX = 720;
const LINES_MAX = 6;
const COLOURS = ["--running", "--completed", "--pending", "--failed", "--cancelled", "--accent"] as const;

/** The samples read while the page is open. */
export function useSamples(reading: Reading | null): {
  times: readonly number[];
  lines: readonly Line[];
} {
  const samples = useRef<Reading[]>([]);
  if (reading && samples.current.at(-1)?.at !== reading.at)
    samples.current = [...samples.current.slice(1 - SAMPLES_MAX), reading];
  const names = Object.keys(reading?.values ?? {}).slice(0, LINES_MAX);
  return {
    times: samples.current.map(({ at }) => at),
    lines: names.map((label, index) => ({
      label,
      colour: COLOURS[index] ?? "--text",
      values: samples.current.map(({ values }) => values[label] ?? null),
    })),
  };
}
