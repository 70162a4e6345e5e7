/**
 * Every place between two steps of the protocol at which a crash must lose nothing. In production
 * nothing happens there: only code that arms the crash points can end a process at one, and no
 * setting does.
 */
export const CRASH_POINTS = [
  "submit: before the insert",
  "submit: inserted",
  "submit: committed, not answered",
  "turn: before it is sent",
  "turn: committed, not read",
  "turn: before a late result is kept",
  "settle: acknowledged, spool not emptied",
  "claim: answered, not started",
  "handler: returned, outcome not kept",
  "spool: before an append",
  "spool: appended",
  "spool: before it is emptied",
  "spool: adopted, the old file not removed",
  "sweep: committed, not announced",
  "promote: committed, not announced",
  "cancel: committed, not answered",
  "requeue: committed, not answered",
  "feed: read, not delivered",
  "projection: changes read",
  "projection: values written, changes not published",
  "projection: published, record not moved",
  "projection: record moved, cursor not saved",
  "projection: cursor saved",
  "rebuild: begun in PostgreSQL, not in Redis",
  "rebuild: streamed, not ready",
  "rebuild: ready in Redis, not in PostgreSQL",
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let onReach: ((point: CrashPoint) => void) | null = null;

/** Marks that this process has reached a crash point. */
export function crashPoint(point: CrashPoint): void {
  onReach?.(point);
}

/** @param reach called each time this process reaches a crash point; null disarms them */
export function armCrashPoints(reach: ((point: CrashPoint) => void) | null): void {
  onReach = reach;
}
