/** The server's time. A browser's clock may be hours off, so all times are shown by one clock. */
export interface ServerClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Learns from a response: the server's time between two moments of the local clock. */
  learn(serverTime: string, sentAtMs: number, receivedAtMs: number): void;
}

/** An older estimate is replaced even by a less precise one. */
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
