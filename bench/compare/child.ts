/** Carries out the order in argv[2], which is JSON, and sends the figures to its parent. */
import type { Figures } from "../report.js";
import { CONTENDERS } from "./contenders/index.js";
import { measureLatency, measureSubmit, measureWork } from "./measure.js";
import { measureOpening } from "./opening.js";
import type { Order } from "./order.js";

const CLOSE_WITHIN_MS = 15_000;

const order = JSON.parse(process.argv[2] ?? "") as Order;
const { figures, close } = await measured();
process.send?.(figures, () => {
  // Some drivers leave timers behind; the measurement is complete.
  const force = setTimeout(() => process.exit(0), CLOSE_WITHIN_MS);
  void close().finally(() => {
    clearTimeout(force);
    process.exit(0);
  });
});

async function measured(): Promise<{ readonly figures: Figures; close(): Promise<void> }> {
  if (order.what === "opening") return await measureOpening(order.dataDir);
  const contender = await CONTENDERS[order.contender]?.();
  if (!contender) throw new Error(`there is no contender ${order.contender}`);
  const open = await contender.open(order);
  const measure = { submit: measureSubmit, work: measureWork, latency: measureLatency }[order.what];
  return { figures: await measure(open, order), close: () => open.close() };
}
