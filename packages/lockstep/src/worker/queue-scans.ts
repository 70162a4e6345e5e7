import { NIL_ID } from "../job/index.js";
import type { Cursor, ReadyWakeUp } from "../ledger/index.js";

const RESCAN_MS_WHEN_SHORT = 200;
const RESCAN_MS_WHEN_BUSY = 1_000;
/** Rescans may take a twentieth of the time, but one is made every 10 s whatever it costs. */
const RESCAN_COST_FACTOR = 20;
const RESCAN_MS_MAX = 10_000;

/** One scan for claimable jobs: in which queue, and after which position. */
export interface QueueScan {
  readonly queue: string;
  /** null: from the start. */
  readonly after: Cursor | null;
  readonly rescan: boolean;
  readonly epoch: number;
}

export interface ScanResult {
  readonly claimed: number;
  /** There may be more: as many were claimed as the scan allowed. */
  readonly isFull: boolean;
  readonly cursor: Cursor | null;
  readonly costMs: number;
  /** There may be more after this many milliseconds, and not earlier. */
  readonly moreInMs?: number | undefined;
}

/** What is known about the scans of one queue. */
export interface QueueScans {
  readonly name: string;
  cursor: Cursor | null;
  /**
   * Grows when the cursor moves back, so that a scan that began earlier cannot move it forward
   * again.
   */
  epoch: number;
  /** The last scan was full: there is more. */
  more: boolean;
  /** Something became ready after the last scan began. */
  isWoken: boolean;
  /** When to scan although nothing is known to be ready. */
  scanAt: number;
  rescanning: boolean;
  rescannedAt: number;
  rescanCostMs: number;
  /** When it last gave a job, or a wake-up named it. */
  usefulAt: number;
  /** Whether the last discovery found it. */
  isFound: boolean;
  /** When it came into the plan. */
  readonly addedAt: number;
  /** It has limits, so it is not scanned together with others. */
  isAlone: boolean;
}

export function newQueue(name: string, nowMs: number): QueueScans {
  return {
    name,
    cursor: null,
    epoch: 0,
    more: false,
    isWoken: true,
    scanAt: 0,
    rescanning: false,
    rescannedAt: Number.NEGATIVE_INFINITY,
    rescanCostMs: 0,
    usefulAt: nowMs,
    isFound: true,
    addedAt: nowMs,
    isAlone: false,
  };
}

function rescanAt(queue: QueueScans): number {
  const restMs = queue.more ? RESCAN_MS_WHEN_BUSY : RESCAN_MS_WHEN_SHORT;
  return (
    queue.rescannedAt + Math.max(restMs, Math.min(RESCAN_COST_FACTOR * queue.rescanCostMs, RESCAN_MS_MAX))
  );
}

export function dueAt(queue: QueueScans): number {
  const scanAt = queue.more || queue.isWoken ? Number.NEGATIVE_INFINITY : queue.scanAt;
  if (queue.cursor !== null) return scanAt;
  // Without a cursor every scan is a rescan, so the limits for rescans apply: their pause, and one
  // at a time.
  return queue.rescanning ? Number.POSITIVE_INFINITY : Math.max(scanAt, rescanAt(queue));
}

export function begin(queue: QueueScans, nowMs: number, idleMs: number): QueueScan {
  const rescan = !queue.rescanning && rescanAt(queue) <= nowMs;
  if (rescan) queue.rescanning = true;
  queue.isWoken = false;
  queue.scanAt = nowMs + idleMs;
  return { queue: queue.name, after: rescan ? null : queue.cursor, rescan, epoch: queue.epoch };
}

export function recordResult(
  queue: QueueScans,
  scan: QueueScan,
  result: ScanResult,
  time: { readonly nowMs: number; readonly idleMs: number },
): void {
  const { isFull: full } = result;
  if (result.claimed > 0) queue.usefulAt = time.nowMs;
  if (result.cursor !== null) moveCursor(queue, scan, result.cursor, full);
  queue.more = full;
  if (scan.rescan) {
    queue.rescanning = false;
    queue.rescannedAt = time.nowMs;
    queue.rescanCostMs = result.costMs;
  }
  // A forward scan that was not full is followed by a rescan as soon as one is allowed.
  queue.scanAt = time.nowMs + time.idleMs;
  if (!full && !scan.rescan) queue.scanAt = Math.min(queue.scanAt, rescanAt(queue));
  if (result.moreInMs !== undefined)
    queue.scanAt = Math.min(queue.scanAt, time.nowMs + Math.ceil(result.moreInMs));
}

function moveCursor(queue: QueueScans, scan: QueueScan, reached: Cursor, full: boolean): void {
  const movedBackMeanwhile = scan.epoch !== queue.epoch;
  if (scan.rescan && full) {
    // There may be more jobs between the position this rescan reached and the cursor.
    if (queue.cursor === null || comparePositions(reached, queue.cursor) < 0) moveBack(queue, reached);
    else if (!movedBackMeanwhile) queue.cursor = reached;
  } else if (!movedBackMeanwhile && (queue.cursor === null || comparePositions(reached, queue.cursor) > 0)) {
    queue.cursor = reached;
  }
}

function moveBack(queue: QueueScans, position: Cursor): void {
  queue.cursor = position;
  queue.epoch += 1;
}

export function applyWakeUp(queue: QueueScans, wakeUp: ReadyWakeUp, nowMs: number): void {
  queue.isWoken = true;
  if (wakeUp.ready_at === null) return; // Position unknown: scan forward now, rescan when it is due.
  const position = { priority: wakeUp.priority, ready_at: wakeUp.ready_at, id: NIL_ID };
  if (queue.cursor === null) {
    // A rescan that is due will find it. One that is running or not yet due might miss it.
    if (queue.rescanning || rescanAt(queue) > nowMs) moveBack(queue, position);
  } else if (comparePositions(position, queue.cursor) < 0) {
    moveBack(queue, position);
  }
}

/**
 * Compares in the order of the claim index. `ready_at` is RFC 3339 in UTC with microseconds, so it
 * compares as text.
 */
export function comparePositions(a: Cursor, b: Cursor): number {
  if (a.priority !== b.priority) return a.priority - b.priority;
  if (a.ready_at !== b.ready_at) return a.ready_at < b.ready_at ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
