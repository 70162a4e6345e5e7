/** Carries out the order in argv[2], which is JSON, and sends the figures to its parent. */
import { CONTENDERS } from "./contenders/index.js";
import { measureLatency, measureSubmit, measureWork } from "./measure.js";
import type { Order } from "./order.js";

const CLOSE_WITHIN_MS = 15_000;

const order = JSON.parse(process.argv[2] ?? "") as Order;
const contender = await CONTENDERS[order.contender]?.();
if (!contender) throw new Error(`there is no contender ${order.contender}`);
const open = await contender.open(order);
const figures = await measured();
process.send?.(figures, () => {
  // Some drivers leave timers behind; the measurement is complete.
  const force = setTimeout(() => process.exit(0), CLOSE_WITHIN_MS);
  void open.close().finally(() => {
    clearTimeout(force);
    process.exit(0);
  });
});

function measured() {
  switch (order.what) {
    case "submit":
      return measureSubmit(open, order);
    case "work":
      return measureWork(open, order);
    case "latency":
      return measureLatency(open, order.sizes);
  }
}
