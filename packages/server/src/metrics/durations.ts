import type { Metric, Registry } from "prom-client";

export interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  /** The upper bounds of the buckets in seconds, ascending. */
  readonly buckets: readonly number[];
  readonly registers: readonly Registry[];
}

interface Samples {
  /** One for each bucket, and one for what is longer. */
  readonly counts: number[];
  sum: number;
}

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * A histogram of durations by kind, as prom-client's with the label `kind` would show it. A sample
 * only adds to two numbers, because there are two for each job: prom-client checks and hashes the
 * labels each time, which took ten times as long.
 */
export class Durations {
  readonly #options: DurationsOptions;
  readonly #kinds = new Map<string, Samples>();

  constructor(options: DurationsOptions) {
    this.#options = options;
    const { name, help } = options;
    const get = async () => ({ name, help, type: "histogram", values: this.#values(), aggregator: "sum" });
    const metric = { name, get, reset: () => this.#kinds.clear() };
    for (const registry of options.registers) registry.registerMetric(metric as unknown as Metric);
  }

  observe(kind: string, seconds: number): void {
    const samples = this.#samplesOf(kind);
    const { buckets } = this.#options;
    let place = 0;
    while (place < buckets.length && seconds > (buckets[place] ?? 0)) place += 1;
    samples.counts[place] = (samples.counts[place] ?? 0) + 1;
    samples.sum += seconds;
  }

  #samplesOf(kind: string): Samples {
    const known = this.#kinds.get(kind);
    if (known) return known;
    const fresh = { counts: new Array<number>(this.#options.buckets.length + 1).fill(0), sum: 0 };
    this.#kinds.set(kind, fresh);
    return fresh;
  }

  #values(): Value[] {
    const { name, buckets } = this.#options;
    const values: Value[] = [];
    for (const [kind, { counts, sum }] of this.#kinds) {
      let count = 0;
      for (const [place, le] of [...buckets, "+Inf"].entries()) {
        count += counts[place] ?? 0;
        values.push({ metricName: `${name}_bucket`, labels: { le, kind }, value: count });
      }
      values.push({ metricName: `${name}_sum`, labels: { kind }, value: sum });
      values.push({ metricName: `${name}_count`, labels: { kind }, value: count });
    }
    return values;
  }
}
