import { expect, it } from "vitest";
import { batchSize, parseMetrics } from "./process-metrics.js";

const text = (sum: number, count: number) =>
  `# HELP x y\nlockstep_settle_batch_size_sum ${sum}\nlockstep_settle_batch_size_count ${count}\nlockstep_feed_lag_seconds 0.25\n`;

it("reads the numbers of a scrape, and reports missing ones as null", () => {
  expect(parseMetrics(text(6, 2), 1)).toEqual({ at: 1, feedLag: 0.25, settled: { outcomes: 6, turns: 2 } });
  expect(parseMetrics("", 1)).toEqual({ at: 1, feedLag: null, settled: { outcomes: 0, turns: 0 } });
});

it("the batch size is the average of the turns between two readings", () => {
  const before = parseMetrics(text(6, 2), 1);
  const size = (next: string) => Object.values(batchSize(before, parseMetrics(next, 2)).values)[0];
  expect(size(text(16, 4))).toBe(5);
  expect(size(text(6, 2))).toBeNull();
  expect(batchSize(null, before).values["outcomes per turn"]).toBeNull();
});
