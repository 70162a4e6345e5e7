import { createLoop } from "../timing/index.js";
import { type Heartbeat, type HeartbeatOptions, msSince } from "./heartbeat.js";

/**
 * Sends the heartbeat from this thread. A blocked event loop stops it, and also everything else
 * that could notice.
 */
export function heartbeatInline({ ledger, workerId, beatMs, retryMs, onGone }: HeartbeatOptions): Heartbeat {
  let lastBeat = process.hrtime.bigint();
  const beats = createLoop(
    async () => {
      // The time it was sent, not the time it was answered: the ledger counts from a moment in
      // between.
      const sentAt = process.hrtime.bigint();
      try {
        const known = await ledger.heartbeat(workerId);
        if (known) lastBeat = sentAt;
        else onGone();
        return known ? beatMs : retryMs;
      } catch {
        return retryMs; // The age grows, and the lease watch reacts to it.
      }
    },
    { firstMs: beatMs },
  );
  beats.start();
  return { ageMs: () => msSince(lastBeat), stop: () => beats.stop() };
}
