import { clockMs, type Recorder } from "../history/recorder.js";
import type { Random } from "../random.js";
import { type Arena, type Fault, pause } from "./fault.js";
import { PROCESS_FAULTS } from "./processes.js";
import { restoreServers, SERVER_FAULTS } from "./servers.js";

const FAULTS: readonly Fault[] = [...PROCESS_FAULTS, ...SERVER_FAULTS];

/**
 * @param without parts of the names of faults to leave out. @throws Error when a part matches none
 */
export function faultsWithout(without: readonly string[]): readonly Fault[] {
  const useless = without.find((part) => !FAULTS.some((fault) => fault.name.includes(part)));
  if (useless !== undefined) throw new Error(`no fault has "${useless}" in its name`);
  return FAULTS.filter((fault) => !without.some((part) => fault.name.includes(part)));
}

/** Pause before the next fault of the plan when a fault of the same group is still running. */
const SKIPPED_MS = 50;

export interface StormOptions {
  readonly arena: Arena;
  readonly recorder: Recorder;
  readonly random: Random;
  /** Milliseconds between the starts of two faults, on average. */
  readonly everyMs: number;
  readonly faults: readonly Fault[];
}

/**
 * Runs fault after fault, several at once but one of a group, in an order that the seed decides.
 */
export class Storm {
  readonly #options: StormOptions;
  readonly #underWay = new Map<Fault["group"], Promise<void>>();
  #raging = true;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: StormOptions) {
    this.#options = options;
  }

  start(): void {
    this.#ended = this.#rage();
  }

  /** Resolves when every fault is undone and every process is ready again. */
  async end(): Promise<void> {
    this.#raging = false;
    await this.#ended;
    await Promise.all(this.#underWay.values());
    const { place, system } = this.#options.arena;
    await restoreServers(place);
    for (const child of system.children) {
      child.signal("SIGCONT");
      child.shiftClock(0);
      child.breakDisk(null);
    }
    for (const child of system.children) {
      child.forgetCrash();
      await child.kill(0);
    }
    for (const child of system.children) await child.whenReady();
  }

  async #rage(): Promise<void> {
    const { random, everyMs, faults } = this.#options;
    while (this.#raging) {
      const fault = random.weighted(faults);
      // Drawn before any wait, so that the plan depends only on the seed.
      const mine = random.fork();
      const pauseMs = random.whole(Math.ceil(everyMs * 0.3), Math.ceil(everyMs * 1.7));
      if (this.#underWay.has(fault.group)) {
        await pause(SKIPPED_MS);
        continue;
      }
      const done = this.#do(fault, mine).finally(() => this.#underWay.delete(fault.group));
      this.#underWay.set(fault.group, done);
      await pause(pauseMs);
    }
  }

  async #do(fault: Fault, random: Random): Promise<void> {
    const { arena, recorder } = this.#options;
    const at = clockMs();
    const detail = await fault.run(arena, random).catch((error: unknown) => `did not work: ${String(error)}`);
    recorder.add({ e: "fault", at, name: fault.name, detail });
  }
}
