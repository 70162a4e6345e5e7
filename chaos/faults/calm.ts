import type { Recorder } from "../history/recorder.js";
import type { Child } from "./child.js";
import { type Arena, pause } from "./fault.js";
import { flushAll, rolesOf } from "./processes.js";

/** Several times the reclaim grace period after a restart plus a start under load. */
const WAIT_MS = 180_000;
/** By then a provocation had its effect, or never will; a rebuild walks over all jobs. */
const EFFECT_MS = 4_000;
const REBUILD_MS = 80_000;
/** Enough long jobs that each worker runs some when one is stopped, even if few are submitted. */
const STOPPED_JOBS = 20;
const STOPPED_JOB_MS = 5_000;

/**
 * Some points are hard to die at while everything else breaks as well. In this phase nothing else
 * breaks: the processes that reach a point are ordered to die there, and the code that leads to it
 * is triggered until one has died.
 */
export async function dieCalmly(arena: Arena, recorder: Recorder, points: readonly string[]): Promise<void> {
  for (const point of points) {
    const roles = rolesOf(point);
    const children = arena.system.children.filter((child) => roles.includes(child.role));
    for (const child of children) await child.crashAt({ point, nth: 1 });
    for (const child of children) await child.whenReady();
    const giveUpAt = performance.now() + WAIT_MS;
    const hasDied = () => recorder.pointsDied.has(point);
    while (performance.now() < giveUpAt && !hasDied()) {
      await provoke(arena, point, children);
      const until = performance.now() + (point.startsWith("rebuild") ? REBUILD_MS : EFFECT_MS);
      while (performance.now() < until && !hasDied()) await pause(50);
    }
    for (const child of children) child.forgetCrash();
    // Processes that still have an order restart without it.
    for (const child of children) await child.kill(0);
    for (const child of children) await child.whenReady();
  }
}

async function provoke(
  { place, workload, leaseSeconds }: Arena,
  point: string,
  children: readonly Child[],
): Promise<void> {
  if (point.startsWith("rebuild")) await flushAll(place.redisUrl);
  if (point.startsWith("spool")) {
    place.wires.workerDatabase.set({ mode: "refuse" });
    await pause(2_000);
    place.wires.workerDatabase.set({ mode: "pass" });
  }
  if (/^(sweep|turn: before a late)/.test(point)) {
    // A worker that is away for longer than its lease returns with results of attempts that other
    // workers own by then.
    for (let n = 0; n < STOPPED_JOBS; n++) workload.addSpecial("ok", STOPPED_JOB_MS);
    await pause(STOPPED_JOB_MS / 2);
    const one = children.find((child) => child.role === "worker");
    one?.signal("SIGSTOP");
    await pause(leaseSeconds * 1_000 + 3_000);
    one?.signal("SIGCONT");
  }
}
