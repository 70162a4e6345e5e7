import type { Ledger } from "lockstep/internal/ledger";
import { withDeadline } from "lockstep/internal/timing";

const ANSWER_MS = 2_000;
const FRESH_MS = 500;

export interface DatabaseState {
  readonly status: "up" | "down";
  /** RFC 3339: when this process first saw this state. */
  readonly since: string;
  /** Milliseconds of the last round trip; null while it is down. */
  readonly latency_ms: number | null;
}

/** Whether the database answers, and since when. */
export interface DatabaseHealth {
  /**
   * Pings the database, or returns an answer at most half a second old. Answers within two seconds.
   */
  state(): Promise<DatabaseState>;
}

export function createDatabaseHealth(ledger: Pick<Ledger, "ping" | "clock">): DatabaseHealth {
  let known: DatabaseState | null = null;
  let asking: Promise<DatabaseState> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  async function ask(): Promise<DatabaseState> {
    const latency = await pingMs(ledger);
    const status = latency === null ? "down" : "up";
    const since = known?.status === status ? known.since : ledger.clock.estimate();
    known = { status, since, latency_ms: latency };
    return known;
  }
  return {
    state() {
      if (!asking || performance.now() - askedAt > FRESH_MS) {
        askedAt = performance.now();
        asking = ask();
      }
      return asking;
    },
  };
}

/** A database that does not answer in time counts as down, whatever it answers later. */
async function pingMs(ledger: Pick<Ledger, "ping">): Promise<number | null> {
  const answer = ledger.ping().then(tenths, () => null);
  return await withDeadline(answer, { ms: ANSWER_MS, late: () => null });
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
