import { isTerminal, type Shown } from "../history/events.js";
import { clockMs, type Recorder } from "../history/recorder.js";
import type { Random } from "../random.js";
import type { OpenSystem, Work } from "../systems/system.js";

const SUBMIT_RETRY_MS = 200;
/** With this many unfinished jobs the client waits, so that a run does not end with a backlog. */
const UNFINISHED_MAX = 5_000;
const UNFINISHED_POLL_MS = 1_000;
const EASED = 0.1;
const READ_PAUSE_MS = 20;
const READERS = 4;
const SUBMITTERS = 4;
/** How many of the newest jobs readers prefer, because those still change. */
const NEWEST = 300;
/**
 * Milliseconds between two reads of a queue that delivers: short, because the queue finishes its
 * jobs itself.
 */
const DELIVERY_PAUSE_MS = 10;
const SHARE_CANCELLED = 0.01;
const SHARE_REQUEUED = 0.3;

export interface WorkloadOptions {
  readonly system: OpenSystem;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly seed: number;
  /** Jobs a second. */
  readonly rate: number;
}

/**
 * Submits jobs, reads every view of them, and cancels and requeues some, as an outside client
 * would.
 */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #accepted: string[] = [];
  /** The jobs that go through a queue besides the record. */
  readonly #delivered: string[] = [];
  readonly #newestSeen = new Map<string, number>();
  readonly #loops: Promise<void>[] = [];
  readonly #special: Omit<Work, "key">[] = [];
  #submitting = true;
  #backlogged = false;
  /** Share of the rate. */
  #share = 1;
  #reading = true;
  #next = 0;

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  get acceptedCount(): number {
    return this.#accepted.length;
  }

  get keys(): readonly string[] {
    return this.#accepted;
  }

  start(): void {
    const { random } = this.#options;
    for (let n = 1; n <= SUBMITTERS; n++) this.#loops.push(this.#submitter(random.fork()));
    for (let n = 1; n <= READERS; n++) this.#loops.push(this.#reader(`client-${n}`, random.fork()));
    if (this.#options.system.delivery) this.#loops.push(this.#deliveryReader(random.fork()));
    if (this.#options.system.countUnfinished) this.#loops.push(this.#watchBacklog());
    if (this.#options.system.operate) this.#loops.push(this.#operator(random.fork()));
  }

  /** Puts a job of this kind into the next batch. @param ms how long its handler takes */
  addSpecial(mode: Work["mode"], ms = 5): void {
    this.#special.push({ mode, ms });
  }

  /** From now on submits only a few jobs. */
  ease(): void {
    this.#share = EASED;
  }

  /** Stops submitting and continues to read. */
  stopSubmitting(): void {
    this.#submitting = false;
  }

  async stop(): Promise<void> {
    this.#submitting = false;
    this.#reading = false;
    await Promise.all(this.#loops);
  }

  /** Reads one view once and records the answer. @returns whether anything was known */
  async readOnce(client: string, view: string, key: string, final = false): Promise<boolean> {
    const { system, recorder } = this.#options;
    const asksMinimum = system.viewsWithMinVersion.includes(view);
    const minVersion = asksMinimum ? (this.#newestSeen.get(`${client} ${key}`) ?? null) : null;
    const began = clockMs();
    try {
      const rows = await system.read(view, key, minVersion);
      const at = clockMs();
      for (const row of rows) {
        this.#note(client, row);
        recorder.add({ e: "read", began, at, client, view, minVersion, final, ...row });
      }
      return rows.length > 0;
    } catch {
      recorder.unknown++;
      return false;
    }
  }

  #note(client: string, { key, version }: Shown & { readonly key: string }): void {
    const name = `${client} ${key}`;
    if (version !== null && version > (this.#newestSeen.get(name) ?? 0)) this.#newestSeen.set(name, version);
  }

  async #submitter(random: Random): Promise<void> {
    const { rate } = this.#options;
    const batch = Math.max(1, Math.round(rate / 20));
    const pauseMs = (batch * SUBMITTERS * 1_000) / rate;
    while (this.#submitting) {
      if (this.#backlogged) {
        await pause(SUBMIT_RETRY_MS);
        continue;
      }
      const began = clockMs();
      const count = random.chance(0.3) ? 1 : batch;
      await this.#submitSurely(Array.from({ length: count }, () => this.#newWork(random)));
      await pause(Math.max(1, (pauseMs * count) / batch / this.#share - (clockMs() - began)));
    }
  }

  async #watchBacklog(): Promise<void> {
    const { system } = this.#options;
    while (this.#submitting) {
      const count = await system.countUnfinished?.().catch(() => null);
      if (count != null) this.#backlogged = count > UNFINISHED_MAX;
      await pause(UNFINISHED_POLL_MS);
    }
  }

  /** A client that got no answer repeats the request with the same keys until it gets one. */
  async #submitSurely(works: readonly Work[]): Promise<void> {
    const { system, recorder } = this.#options;
    while (this.#reading) {
      const began = clockMs();
      try {
        const accepted = await system.submit(works);
        const at = clockMs();
        for (const { key, id, version } of accepted) {
          recorder.add({ e: "submit", began, at, key, id, version });
          this.#accepted.push(key);
          if (system.delivery?.has(key)) this.#delivered.push(key);
        }
        return;
      } catch {
        recorder.unknown++;
        await pause(SUBMIT_RETRY_MS);
      }
    }
  }

  #newWork(random: Random): Work {
    const key = `s${this.#options.seed}-${++this.#next}`;
    const special = this.#special.shift();
    if (special) return { key, ...special };
    const dice = random.next();
    const ms = random.whole(1, 30);
    if (dice < 0.05) return { key, mode: "fail once", ms };
    if (dice < 0.06) return { key, mode: "fail", ms };
    if (dice < 0.07) return { key, mode: "slow", ms: random.whole(500, 2_000) };
    if (dice < 0.073) return { key, mode: random.pick(["nul", "surrogate", "nan", "big"]), ms };
    return { key, mode: "ok", ms };
  }

  async #reader(client: string, random: Random): Promise<void> {
    const { views, delivery } = this.#options.system;
    const read = views.filter((view) => view !== delivery?.view);
    while (this.#reading) {
      const key = someOf(this.#accepted, random);
      if (key !== null) await this.readOnce(client, random.pick(read), key);
      await pause(READ_PAUSE_MS);
    }
  }

  /** Reads the queue first and the record right after: the record must know what the queue knew. */
  async #deliveryReader(random: Random): Promise<void> {
    const { delivery } = this.#options.system;
    const client = "client-delivery";
    while (this.#reading && delivery) {
      const key = someOf(this.#delivered, random);
      const known = key !== null && (await this.readOnce(client, delivery.view, key));
      if (known) await this.readOnce(client, delivery.record, key);
      await pause(DELIVERY_PAUSE_MS);
    }
  }

  async #operator(random: Random): Promise<void> {
    const { system, recorder } = this.#options;
    const { operate } = system;
    while (this.#submitting && operate) {
      await pause(1_000 / Math.max(1, this.#options.rate * SHARE_CANCELLED));
      // Often the very newest, because most jobs end soon.
      const newest = random.chance(0.5) ? this.#accepted.at(-1) : null;
      const key = newest ?? someOf(this.#accepted, random);
      if (key === null) continue;
      const began = clockMs();
      if (random.chance(SHARE_REQUEUED)) {
        await operate.requeue(key).catch(() => undefined);
        recorder.add({ e: "requeue", began, at: clockMs(), key });
      } else await operate.cancel(key).catch(() => undefined);
    }
  }
}

/** Usually one of the newest. */
function someOf(keys: readonly string[], random: Random): string | null {
  const least = random.chance(0.9) ? Math.max(0, keys.length - NEWEST) : 0;
  return keys[random.whole(least, Math.max(least, keys.length - 1))] ?? null;
}

/**
 * Waits until these jobs have finished in every view, or the time is up. @returns the unfinished
 * ones
 */
export async function untilSettled(
  { system, recorder }: Pick<WorkloadOptions, "system" | "recorder">,
  keys: readonly string[],
  patienceMs: number,
): Promise<ReadonlySet<string>> {
  const open = new Map(system.views.filter((view) => view !== "list").map((view) => [view, new Set(keys)]));
  const giveUpAt = clockMs() + patienceMs;
  const count = () => system.countUnfinished?.().catch(() => 1) ?? 0;
  while (clockMs() < giveUpAt && (await count()) > 0) await pause(1_000);
  while (clockMs() < giveUpAt) {
    for (const [view, left] of open) await dropFinished(system, view, left, recorder);
    if ([...open.values()].every((left) => left.size === 0)) break;
    await pause(500);
  }
  return new Set([...open.values()].flatMap((left) => [...left]));
}

/**
 * Asks in turn, and stops at the first hundred unfinished jobs: the rest will be unfinished too.
 */
async function dropFinished(
  system: OpenSystem,
  view: string,
  left: Set<string>,
  recorder: Recorder,
): Promise<void> {
  let unfinished = 0;
  for (const key of left) {
    if (unfinished >= 100) return;
    const rows = await system.read(view, key, null).catch(() => {
      recorder.unknown++;
      return null;
    });
    const row = rows?.[0];
    const forgotten = rows?.length === 0 && view === system.delivery?.view;
    if (forgotten || (row && (isTerminal(row.status) || row.status === "absent"))) left.delete(key);
    else unfinished++;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
