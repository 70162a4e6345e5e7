import type { Redis } from "ioredis";
import type { Status } from "lockstep/internal/job";
import { z } from "zod";
import type { Vocabulary } from "../status-words.js";
import type {
  Repair,
  RepairAction,
  Restoration,
  SettableField,
  ViewWriter,
  WriteOutcome,
} from "../writer.js";
import type { BullmqConfig } from "./config.js";
import { enqueue } from "./enqueue.js";
import { inspect } from "./inspect.js";
import { fingerprintOf } from "./job-hash.js";
import type { QueueKeys } from "./queue-keys.js";
import { UNLISTED } from "./states.js";
import { TEXTS } from "./texts.generated.js";

const BeforeImage = z.object({
  state: z.string(),
  score: z.string(),
  isPaused: z.boolean(),
  fields: z.record(z.string(), z.string()),
});

type BeforeImage = z.output<typeof BeforeImage>;

interface BullmqWriterOptions {
  readonly redis: Redis;
  readonly keys: QueueKeys;
  readonly config: BullmqConfig;
  readonly words: Vocabulary;
}

/**
 * Removes jobs from the queue that are done elsewhere, and adds lost ones. Only BullMQ decides the
 * status of a job that ran in it, so a status is never set here.
 */
export class BullmqWriter implements ViewWriter {
  readonly actions: readonly RepairAction[];
  readonly fields: ReadonlySet<SettableField> = new Set();
  readonly #options: BullmqWriterOptions;

  constructor(options: BullmqWriterOptions) {
    this.#options = options;
    this.actions = options.config.enqueue === undefined ? ["remove"] : ["remove", "enqueue"];
  }

  /**
   * No word is ever written here, so an entry can be removed even for a status that BullMQ lacks
   * (`cancelled`).
   */
  wordFor(status: Status): string {
    return this.#options.words.wordFor(status) ?? status;
  }

  async write(repair: Repair): Promise<WriteOutcome> {
    switch (repair.action) {
      case "remove":
        return await this.#remove(repair.id, BeforeImage.parse(repair.beforeImage));
      case "enqueue":
        return await this.#enqueue(repair.id);
      default:
        return { outcome: "refused", why: `a BullMQ queue does not support "${repair.action}"` };
    }
  }

  async restore({ id, action, fingerprint, beforeImage }: Restoration): Promise<WriteOutcome> {
    if (action === "remove") return await this.#putBack(id, BeforeImage.parse(beforeImage));
    const now = await this.#read(id);
    return now === null || now.fingerprint !== fingerprint
      ? { outcome: "changed" }
      : await this.#remove(id, now.beforeImage);
  }

  async close(): Promise<void> {
    // The stores own the connection.
  }

  async #remove(id: string, { fields }: BeforeImage): Promise<WriteOutcome> {
    const { redis, keys } = this.#options;
    const scriptKeys = [...keys.places, `${keys.jobPrefix}${id}`];
    const flat = Object.entries(fields).flat();
    const args = [id, flat.length / 2, ...flat];
    const answer = await redis.eval(TEXTS["remove.lua"], scriptKeys.length, ...scriptKeys, ...args);
    if (answer === "flow")
      return {
        outcome: "refused",
        why: "it belongs to a flow, a schedule or a deduplication: remove it with BullMQ itself",
      };
    return answer === "removed" ? { outcome: "written", fingerprint: null } : { outcome: "changed" };
  }

  async #putBack(id: string, { state, score, isPaused, fields }: BeforeImage): Promise<WriteOutcome> {
    const { redis, keys } = this.#options;
    const place = { waiting: isPaused ? 1 : 0, prioritized: 2, delayed: 3 }[state];
    if (place === undefined) return { outcome: "refused", why: `its state was ${state}` };
    const flat = Object.entries(fields).flat();
    const target = [`${keys.jobPrefix}${id}`, keys.places[place] ?? ""];
    const answer = await redis.eval(TEXTS["restore.lua"], 2, ...target, id, score, ...flat);
    if (answer !== 1) return { outcome: "changed" };
    return {
      outcome: "written",
      fingerprint: fingerprintOf({ state, fields: new Map(Object.entries(fields)) }),
    };
  }

  async #enqueue(id: string): Promise<WriteOutcome> {
    const { redis, config } = this.#options;
    const there = await this.#read(id);
    if (there?.beforeImage.state === UNLISTED)
      return {
        outcome: "refused",
        why: "its hash still exists, so BullMQ would not add it again: remove the hash or add the job yourself",
      };
    if (there !== null) return { outcome: "changed" };
    const added = await enqueue(redis, config, id);
    if (added !== "added")
      return added === "there" ? { outcome: "changed" } : { outcome: "refused", why: added.why };
    return { outcome: "written", fingerprint: (await this.#read(id))?.fingerprint ?? null };
  }

  async #read(
    id: string,
  ): Promise<{ readonly fingerprint: string; readonly beforeImage: BeforeImage } | null> {
    const { redis, keys } = this.#options;
    const found = await inspect(redis, keys, [id], { listLengthMax: 10_000, fields: "all" });
    const job = found.get(id) ?? null;
    if (job === null || "otherType" in job) return null;
    const { state, score, isPaused, fields } = job;
    return {
      fingerprint: fingerprintOf(job),
      beforeImage: { state, score, isPaused, fields: Object.fromEntries(fields) },
    };
  }
}
