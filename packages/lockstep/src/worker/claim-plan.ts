import type { ReadyWakeUp } from "../ledger/index.js";
import {
  applyWakeUp,
  begin,
  dueAt,
  newQueue,
  type QueueScan,
  type QueueScans,
  recordResult,
  type ScanResult,
} from "./queue-scans.js";

/**
 * Time between two scans of an idle queue. With many queues, all scans together stay at 40 a
 * second.
 */
const IDLE_MS = 250;
const IDLE_MS_PER_QUEUE = 25;
const WAIT_MS_MAX = 1_000;
/** With fewer queues, each is scanned alone, in the statement that also settles. */
const QUEUES_TOGETHER_MIN = 8;
/** A queue without claimable jobs leaves the plan after this time. */
const FORGET_MS = 60_000;
/** A queue is new for this time after it came into the plan. */
const NEW_MS = 10_000;

/**
 * Decides which queue to claim from next, from which position and when. Pure: the caller passes the
 * time, and there is no I/O.
 */
export interface ClaimPlan {
  /** @returns the scan to make now, or how long to wait if nothing happens meanwhile */
  next(nowMs: number): QueueScan | { readonly waitMs: number };
  /**
   * Other queues to scan together with the one that `next` has just returned: those that are due,
   * if there is no backlog known of them nor of that one.
   */
  together(first: QueueScan, nowMs: number, max: number): QueueScan[];
  succeeded(scan: QueueScan, result: ScanResult, nowMs: number): void;
  /** The scan was not made: it is due again. */
  skipped(scan: QueueScan): void;
  /** The queue has limits, so it must be scanned alone: it is due again. */
  isLimited(scan: QueueScan): void;
  /** The scan's outcome is unknown: jobs it locked may be before the cursor. */
  failed(scan: QueueScan): void;
  /** @returns false when the queue is not in the plan */
  wakeUp(wakeUp: ReadyWakeUp, nowMs: number): boolean;
  /**
   * Which queues have claimable jobs. New ones are scanned at once. One that is missing and gave
   * nothing lately leaves the plan.
   */
  discovered(names: readonly string[], nowMs: number): void;
  /** Adds a queue that is not in the plan. */
  add(name: string, nowMs: number): void;
}

/** Queues that have been in the plan for some time, and new ones. */
type Group = "known" | "new";
const OTHER: Readonly<Record<Group, Group>> = { known: "new", new: "known" };

/** A plan of these queues. */
export function createClaimPlan(names: readonly string[], random: () => number = Math.random): ClaimPlan {
  return new Plan(names, random);
}

class Plan implements ClaimPlan {
  readonly #random: () => number;
  readonly #byName: Map<string, QueueScans>;
  #queues: QueueScans[];
  /**
   * Known queues take turns with new ones: one request can bring thousands of new names, and they
   * must not delay the others.
   */
  #turn: Group = "new";
  readonly #latest: Record<Group, number> = { known: -1, new: -1 };

  constructor(names: readonly string[], random: () => number) {
    this.#random = random;
    this.#queues = names.map((name) => newQueue(name, Number.NEGATIVE_INFINITY));
    this.#byName = new Map(this.#queues.map((queue) => [queue.name, queue]));
  }

  next(nowMs: number): QueueScan | { readonly waitMs: number } {
    let waitMs = WAIT_MS_MAX;
    const isDue = (queue: QueueScans): boolean => {
      const dueMs = dueAt(queue) - nowMs;
      if (dueMs > 0) waitMs = Math.min(waitMs, dueMs);
      return dueMs <= 0;
    };
    this.#turn = OTHER[this.#turn];
    const [scan] = this.#take(this.#turn, 1, nowMs, isDue);
    return scan ?? this.#take(OTHER[this.#turn], 1, nowMs, isDue)[0] ?? { waitMs };
  }

  together(first: QueueScan, nowMs: number, max: number): QueueScan[] {
    const hasFew = (queue: QueueScans): boolean => !queue.more && !queue.isAlone;
    const queue = this.#byName.get(first.queue);
    if (queue === undefined || !hasFew(queue) || this.#queues.length < QUEUES_TOGETHER_MIN) return [];
    const may = (each: QueueScans): boolean => hasFew(each) && dueAt(each) <= nowMs;
    const scans = this.#take(this.#turn, Math.ceil(max / 2), nowMs, may);
    scans.push(...this.#take(OTHER[this.#turn], max - scans.length, nowMs, may));
    scans.push(...this.#take(this.#turn, max - scans.length, nowMs, may));
    return scans;
  }

  succeeded(scan: QueueScan, result: ScanResult, nowMs: number): void {
    const queue = this.#byName.get(scan.queue);
    if (queue) recordResult(queue, scan, result, { nowMs, idleMs: this.#idleMs() });
  }

  skipped(scan: QueueScan): void {
    const queue = this.#byName.get(scan.queue);
    if (queue === undefined) return;
    if (scan.rescan) queue.rescanning = false;
    queue.isWoken = true;
  }

  isLimited(scan: QueueScan): void {
    const queue = this.#byName.get(scan.queue);
    if (queue) queue.isAlone = true;
    this.skipped(scan);
  }

  failed(scan: QueueScan): void {
    const queue = this.#byName.get(scan.queue);
    if (queue) queue.rescannedAt = Number.NEGATIVE_INFINITY;
    this.skipped(scan);
  }

  wakeUp(wakeUp: ReadyWakeUp, nowMs: number): boolean {
    const queue = this.#byName.get(wakeUp.queue);
    if (queue === undefined) return false;
    queue.usefulAt = nowMs;
    applyWakeUp(queue, wakeUp, nowMs);
    return true;
  }

  add(name: string, nowMs: number): void {
    const queue = newQueue(name, nowMs);
    this.#byName.set(name, queue);
    this.#queues.push(queue);
  }

  discovered(found: readonly string[], nowMs: number): void {
    const missing = new Map(this.#byName);
    for (const name of found) {
      const queue = missing.get(name);
      missing.delete(name);
      if (queue === undefined) this.#byName.set(name, newQueue(name, nowMs));
      else if (!queue.isFound) Object.assign(queue, { isFound: true, isWoken: true });
    }
    for (const queue of missing.values()) {
      queue.isFound = false;
      if (nowMs - queue.usefulAt > FORGET_MS) this.#byName.delete(queue.name);
    }
    this.#queues = [...this.#byName.values()];
  }

  /** Begins scans of queues of a group that may be scanned, from the one after the latest. */
  #take(group: Group, max: number, nowMs: number, may: (queue: QueueScans) => boolean): QueueScan[] {
    const scans: QueueScan[] = [];
    const queues = this.#queues;
    const from = this.#latest[group];
    for (let step = 1; step <= queues.length && scans.length < max; step += 1) {
      const index = (from + step) % queues.length;
      const queue = queues[index];
      if (queue === undefined || !may(queue)) continue;
      if (nowMs - queue.addedAt < NEW_MS !== (group === "new")) continue;
      this.#latest[group] = index;
      scans.push(begin(queue, nowMs, this.#idleMs()));
    }
    return scans;
  }

  #idleMs(): number {
    const { length } = this.#queues;
    return Math.max(IDLE_MS, IDLE_MS_PER_QUEUE * length) * (0.8 + 0.4 * this.#random());
  }
}
