import type { ReadyHint } from "./news.js";

/** A hint says where to look. Ten thousand jobs that became ready at the same place need one. */
export function onePerPlace(rows: readonly ReadyHint[]): ReadyHint[] {
  const first = new Map<string, ReadyHint>();
  for (const { queue, priority, ready_at } of rows) {
    const place = `${queue} ${priority}`;
    if (ready_at !== null && !first.has(place)) first.set(place, { queue, priority, ready_at });
  }
  return [...first.values()];
}
