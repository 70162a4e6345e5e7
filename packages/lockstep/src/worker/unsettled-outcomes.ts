import type { Settlement } from "../ledger/index.js";

export const TURN_SETTLEMENTS_MAX = 500;
export const TURN_BYTES_MAX = 8_388_608;
const STUCK_MS_MAX = 30_000;

/** One outcome that the ledger has not acknowledged yet. */
export interface Unsettled {
  readonly settlement: Settlement;
  readonly bytes: number;
  /** Milliseconds of the worker's clock. */
  readonly since: number;
  /** Whether it is in the spool, so that a crash cannot lose it. */
  spooled: boolean;
  /** Whether the ledger has acknowledged it. */
  acknowledged: boolean;
  /** How often the ledger rejected it with an error that was not an outage, alone in its turn. */
  refusals: number;
  /** Not to be sent before this time. */
  notBefore: number;
}

export function newUnsettled(settlement: Settlement, nowMs: number): Unsettled {
  const bytes = settlementBytes(settlement);
  return { settlement, bytes, since: nowMs, spooled: false, acknowledged: false, refusals: 0, notBefore: 0 };
}

/**
 * Holds every outcome from the moment its handler returned until the ledger has acknowledged it. An
 * outcome leaves in no other way. At most one outcome of a job is being sent at any time; a later
 * one waits for the earlier one.
 */
export class UnsettledOutcomes {
  readonly #ready: Unsettled[] = [];
  readonly #setAside: Unsettled[] = [];
  /** For each job, its first unsettled outcome and those that wait for it. */
  readonly #live = new Map<string, Unsettled[]>();
  readonly #held = new Set<Unsettled>();
  #count = 0;
  #bytes = 0;
  #settlementsMax = TURN_SETTLEMENTS_MAX;

  get count(): number {
    return this.#count;
  }

  /** Approximate bytes of the outputs and errors in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param held not to be sent before `release`: the job's log lines are written first */
  add(unsettled: Unsettled, held = false): void {
    this.#count += 1;
    this.#bytes += unsettled.bytes;
    const { job_id } = unsettled.settlement;
    const queue = this.#live.get(job_id);
    if (queue) queue.push(unsettled);
    else this.#live.set(job_id, [unsettled]);
    if (held) this.#held.add(unsettled);
    else if (!queue) this.#ready.push(unsettled);
  }

  /** Allows an outcome that was added as held to be sent. */
  release(unsettled: Unsettled): void {
    if (this.#held.delete(unsettled) && this.#isFirst(unsettled)) this.#ready.push(unsettled);
  }

  /** What the next turn may settle: at most 500 outcomes and 8 MiB, but always one. */
  take(nowMs: number): Unsettled[] {
    this.#bringBack(nowMs);
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#ready) {
      if (count >= this.#settlementsMax || (count > 0 && bytes + more > TURN_BYTES_MAX)) break;
      bytes += more;
      count += 1;
    }
    return this.#ready.splice(0, count);
  }

  /** The turn failed and its result is unknown: the same outcomes are sent again. */
  putBack(batch: readonly Unsettled[]): void {
    this.#ready.unshift(...batch);
  }

  /**
   * The ledger rejected the whole turn although it can be reached. Smaller turns find the outcome
   * that causes the rejection, which then waits longer and longer while the others continue.
   */
  putBackRefused(batch: readonly Unsettled[], nowMs: number): void {
    const [only] = batch;
    if (only === undefined) return;
    this.#settlementsMax = Math.max(1, Math.floor(batch.length / 2));
    if (batch.length > 1) {
      this.putBack(batch);
      return;
    }
    only.refusals += 1;
    only.notBefore = nowMs + Math.min(STUCK_MS_MAX, 500 * 2 ** Math.min(only.refusals, 10));
    this.#setAside.push(only);
  }

  /** The ledger has acknowledged it, with any result. */
  settled(unsettled: Unsettled): void {
    unsettled.acknowledged = true;
    this.#settlementsMax = Math.min(TURN_SETTLEMENTS_MAX, this.#settlementsMax * 2);
    this.#count -= 1;
    this.#bytes -= unsettled.bytes;
    const { job_id } = unsettled.settlement;
    const queue = this.#live.get(job_id);
    if (queue === undefined || queue.length <= 1) {
      this.#live.delete(job_id);
      return;
    }
    queue.shift();
    const next = queue[0];
    if (next && !this.#held.has(next)) this.#ready.push(next);
  }

  /** Every unsettled outcome, in no particular order. */
  all(): Unsettled[] {
    return [...this.#live.values()].flat();
  }

  /** Outcomes older than this that a crash would lose. */
  unspooled(sinceMs: number): Unsettled[] {
    return this.all().filter((unsettled) => !unsettled.spooled && unsettled.since <= sinceMs);
  }

  #isFirst(unsettled: Unsettled): boolean {
    return this.#live.get(unsettled.settlement.job_id)?.[0] === unsettled;
  }

  #bringBack(nowMs: number): void {
    if (this.#setAside.length === 0) return;
    const due = this.#setAside.filter((unsettled) => unsettled.notBefore <= nowMs);
    for (const unsettled of due) this.#setAside.splice(this.#setAside.indexOf(unsettled), 1);
    this.#ready.push(...due);
  }
}

function settlementBytes({ outcome }: Settlement): number {
  if (outcome.type === "completed") return 200 + Buffer.byteLength(outcome.output);
  if (outcome.type === "failed" || outcome.type === "cancelled") {
    return 400 + 2 * ((outcome.error?.message.length ?? 0) + (outcome.error?.stack?.length ?? 0));
  }
  return 200;
}
