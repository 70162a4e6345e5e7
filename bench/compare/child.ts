/**
 * One measurement of one contender, in a separate process. argv[2] is JSON: { contender, what,
 * sizes, ...Servers }.
 */
import type { Servers } from "./contender.js";
import { CONTENDERS } from "./contenders/index.js";
import { measureLatency, measureThroughput, type Sizes } from "./measure.js";

export interface Order extends Servers {
  readonly contender: string;
  readonly what: "throughput" | "latency";
  readonly sizes: Sizes;
}

const order = JSON.parse(process.argv[2] ?? "") as Order;
const contender = await CONTENDERS[order.contender]?.();
if (!contender) throw new Error(`there is no contender ${order.contender}`);
const open = await contender.open(order);
const measure = order.what === "throughput" ? measureThroughput : measureLatency;
const figures = await measure(open, order.sizes);
process.send?.(figures, () => {
  // Some drivers leave timers behind; the measurement is complete.
  const force = setTimeout(() => process.exit(0), 3_000);
  void open.close().finally(() => {
    clearTimeout(force);
    process.exit(0);
  });
});
