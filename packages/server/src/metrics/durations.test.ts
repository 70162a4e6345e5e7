import { Histogram, Registry } from "prom-client";
import { expect, it } from "vitest";
import { Durations } from "./durations.js";

it("shows the same text as prom-client's histogram, also before the first sample", async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  const options = { name: "lockstep_test_seconds", help: "A test.", buckets: [0.1, 1, 2.5] };
  const durations = new Durations({ ...options, registers: [own] });
  const histogram = new Histogram({ ...options, labelNames: ["kind"], registers: [theirs] });
  expect(await own.metrics()).toBe(await theirs.metrics());
  for (const seconds of [0, 0.05, 0.1, 0.5, 1, 2, 60]) {
    for (const kind of ["scan", 'a "quoted" kind']) {
      durations.observe(kind, seconds);
      histogram.observe({ kind }, seconds);
    }
  }
  expect(await own.metrics()).toBe(await theirs.metrics());
  expect(await own.getMetricsAsJSON()).toMatchObject([{ type: "histogram", aggregator: "sum" }]);
});
