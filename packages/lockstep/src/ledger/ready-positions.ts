import type { ReadyWakeUp } from "./feed-event.js";

/**
 * A wake-up says where to scan. Ten thousand jobs that became ready at the same position need only
 * one.
 */
export function onePerPosition(rows: readonly ReadyWakeUp[]): ReadyWakeUp[] {
  const first = new Map<string, ReadyWakeUp>();
  for (const { queue, priority, ready_at } of rows) {
    const position = `${queue} ${priority}`;
    if (ready_at !== null && !first.has(position)) first.set(position, { queue, priority, ready_at });
  }
  return [...first.values()];
}
