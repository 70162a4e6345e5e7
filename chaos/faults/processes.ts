import type { Random } from "../random.js";
import type { Child, Role } from "./child.js";
import { type Arena, type Fault, pause } from "./fault.js";

const CRASH_WAIT_MS = 6_000;

function someChild({ system }: Arena, random: Random, roles?: readonly Role[]): Child {
  return random.pick(system.children.filter((child) => roles === undefined || roles.includes(child.role)));
}

const kill: Fault = {
  name: "SIGKILL a process",
  weight: 10,
  group: "process",
  async run(arena, random) {
    const child = someChild(arena, random);
    const downMs = random.whole(0, 1_500);
    await child.kill(downMs);
    return `${child.name}, down for ${downMs} ms`;
  },
};

const stop: Fault = {
  name: "SIGSTOP, then SIGCONT",
  weight: 6,
  group: "process",
  async run(arena, random) {
    const child = someChild(arena, random);
    const isLong = random.chance(0.3);
    const ms = isLong ? arena.leaseSeconds * 1_000 + random.whole(500, 3_000) : random.whole(100, 1_500);
    child.signal("SIGSTOP");
    await pause(ms);
    child.signal("SIGCONT");
    return `${child.name} for ${ms} ms`;
  },
};

const crashPoint: Fault = {
  name: "crash at a named point",
  weight: 12,
  group: "crash",
  async run(arena, random) {
    const point = arena.nextCrashPoint(random);
    if (point === null) return kill.run(arena, random);
    const roles = rolesOf(point);
    const nth = /^(submit|turn|settle|claim|handler)/.test(point) ? random.whole(1, 40) : 1;
    const child = someChild(arena, random, roles);
    await child.crashAt({ point, nth });
    await child.whenReady();
    const { pid } = child;
    await provoke(arena, point, random);
    for (let waited = 0; child.pid === pid && waited < CRASH_WAIT_MS; waited += 50) await pause(50);
    return `${child.name} at "${point}", time ${nth}${child.pid === pid ? ": not reached in time" : ""}`;
  },
};

/** Some points are reached only when something else fails. */
async function provoke({ place, system }: Arena, point: string, random: Random): Promise<void> {
  if (/^(projection|rebuild)/.test(point)) {
    // Only one process projects: the others must be stopped so that this one gets its turn.
    const others = system.children.filter((child) => child.role === "api");
    const armed = random.chance(0.5) ? others : [];
    for (const other of armed) await other.crashAt({ point, nth: 1 });
    if (point.startsWith("rebuild")) await flushAll(place.redisUrl);
  }
  if (/^(spool|turn: before a late)/.test(point)) {
    place.wires.workerDatabase.set({ mode: random.pick(["refuse", "hold"] as const) });
    await pause(random.whole(1_500, 2_500));
    place.wires.workerDatabase.set({ mode: "pass" });
  }
}

/**
 * Which processes reach a crash point. All sweep and promote, and the first leaves no work to the
 * others.
 */
export function rolesOf(point: string): readonly Role[] {
  if (/^(sweep|promote)/.test(point)) return ["api", "worker", "bridge"];
  return /^(submit|cancel|requeue|feed|projection|rebuild)/.test(point) ? ["api"] : ["worker"];
}

/** @param redisUrl the direct address. Does nothing when Redis is away */
export async function flushAll(redisUrl: string): Promise<void> {
  const { Redis } = await import("ioredis");
  const client = new Redis(redisUrl, { maxRetriesPerRequest: 0 });
  client.on("error", () => undefined);
  await client.flushall().catch(() => undefined);
  client.disconnect();
}

const disk: Fault = {
  name: "full or failing disk under the spool while the database is away",
  weight: 3,
  group: "wire",
  async run(arena, random) {
    const child = someChild(arena, random, ["worker"]);
    const ms = random.whole(1_000, 3_000);
    const how = random.pick(["EFBIG", "ENOSPC", "EIO"] as const);
    child.breakDisk(how);
    arena.place.wires.workerDatabase.set({ mode: "refuse" });
    await pause(ms);
    const heals = random.chance(0.5);
    if (heals) child.breakDisk(null);
    arena.place.wires.workerDatabase.set({ mode: "pass" });
    if (!heals) await pause(500);
    child.breakDisk(null);
    return `${child.name}, ${how} for ${ms} ms, the ${heals ? "disk" : "database"} came back first`;
  },
};

const clock: Fault = {
  name: "clock jump",
  weight: 4,
  group: "clock",
  async run(arena, random) {
    const child = someChild(arena, random);
    const seconds = random.pick([-3_600, -60, -5, 5, 60, 3_600]);
    child.shiftClock(seconds);
    await pause(random.whole(1_500, 4_000));
    child.shiftClock(0);
    return `${child.name} by ${seconds} s and back`;
  },
};

/**
 * Forward by a minute at most. A clock that is an hour ahead writes "try again in a second" as a
 * time that is an hour away by the true clock, and no run is that long.
 */
const databaseClock: Fault = {
  name: "clock jump of PostgreSQL",
  weight: 3,
  group: "clock",
  async run({ place }, random) {
    const seconds = random.pick([-3_600, -60, -5, 5, 60]);
    place.databaseClock.shift(seconds);
    await pause(random.whole(1_500, 5_000));
    place.databaseClock.shift(0);
    return `by ${seconds} s and back`;
  },
};

const block: Fault = {
  name: "event loop blocked beyond the lease",
  weight: 2,
  group: "work",
  async run({ workload, leaseSeconds }) {
    workload.addSpecial("block", leaseSeconds * 1_000 + 2_000);
    await pause(leaseSeconds * 1_000);
    return "one job";
  },
};

const poison: Fault = {
  name: "poison outputs",
  weight: 3,
  group: "work",
  async run({ workload }, random) {
    const modes = random.shuffled(["nul", "surrogate", "nan", "big"] as const);
    for (const mode of modes) workload.addSpecial(mode);
    return modes.join(", ");
  },
};

export const PROCESS_FAULTS: readonly Fault[] = [
  kill,
  stop,
  crashPoint,
  disk,
  clock,
  databaseClock,
  block,
  poison,
];
