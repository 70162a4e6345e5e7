/**
 * Timing: waiting, waking, batching and stopping, each written once.
 *
 * The contract of everything that starts and stops here: `stop` returns a promise that resolves
 * when nothing of it runs any more. It may be called again, before `start`, and while `start` is in
 * progress. Afterwards `start` begins again.
 */
export { type Answer, type CoalesceOptions, coalesce } from "./coalesce.js";
export { createLoop, type Loop, type LoopOptions } from "./loop.js";
export { once } from "./once.js";
export { pause } from "./pause.js";
export { createStartGate, type StartGate } from "./start-gate.js";
export { createStartStop, type StartStop } from "./start-stop.js";
export { startTimer } from "./timer.js";
export { createTtlCache, type TtlCache } from "./ttl-cache.js";
export { createWakeUp, type WakeUp } from "./wake-up.js";
export { type Deadline, withDeadline } from "./with-deadline.js";
