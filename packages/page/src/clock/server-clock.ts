/** The time as the server knows it. A browser's clock may be hours off; what happened is told in one clock only. */
export interface ServerClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Learns from an answer: what the server's clock said between two moments of this machine's. */
  learn(serverTime: string, sentAtMs: number, receivedAtMs: number): void;
}

/** An estimate older than this is replaced even by one that is less sharp. */
const FRESH_MS = 60_000;

export function createServerClock(machineNow: () => number = Date.now): ServerClock {
  let offset = 0;
  let sharpness = Number.POSITIVE_INFINITY;
  let learntAt = Number.NEGATIVE_INFINITY;
  return {
    now: () => machineNow() + offset,
    learn(serverTime, sentAtMs, receivedAtMs) {
      const roundTrip = receivedAtMs - sentAtMs;
      const at = Date.parse(serverTime);
      if (Number.isNaN(at) || (roundTrip > sharpness && receivedAtMs - learntAt < FRESH_MS)) return;
      offset = at - (sentAtMs + receivedAtMs) / 2;
      sharpness = roundTrip;
      learntAt = receivedAtMs;
    },
  };
}

export const serverClock = createServerClock();
