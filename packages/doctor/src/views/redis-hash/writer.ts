import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Status } from "lockstep/internal/job";
import { z } from "zod";
import { settledText } from "../settled-text.js";
import type { Vocabulary } from "../status-words.js";
import type { Repair, Restoration, SettableField, ViewWriter, WriteOutcome } from "../writer.js";
import type { RedisHashConfig } from "./config.js";
import { TEXTS } from "./texts.generated.js";

/**
 * The value's text, and the positions of the id in the lists, in the order of `listKeys`; -1: not
 * in the list.
 */
const BeforeImage = z.object({ value: z.string(), places: z.array(z.int()) });

/** The keys of the lists beside the hash. */
export function listKeys({ lists }: RedisHashConfig): readonly string[] {
  return [lists.pending, lists.processing].filter((key) => key !== undefined);
}

/**
 * Changes the members of a job's JSON in place, and removes a finished job from the lists, in one
 * script.
 */
export class RedisHashWriter implements ViewWriter {
  readonly actions = ["settle", "remove"] as const;
  readonly fields: ReadonlySet<SettableField> = new Set(["started_at", "finished_at", "result", "error"]);
  readonly #redis: Redis;
  readonly #config: RedisHashConfig;
  readonly #words: Vocabulary;

  constructor(redis: Redis, config: RedisHashConfig, words: Vocabulary) {
    this.#redis = redis;
    this.#config = config;
    this.#words = words;
  }

  wordFor(status: Status): string | null {
    return this.#words.wordFor(status);
  }

  async write({ id, fingerprint, beforeImage, to }: Repair): Promise<WriteOutcome> {
    const word = this.wordFor(to.status);
    if (word === null)
      return { outcome: "refused", why: `no word is mapped to ${to.status}: add one under its statuses` };
    const text = settledText(BeforeImage.parse(beforeImage).value, this.#config.fields, word, to);
    if (text === null) return { outcome: "refused", why: "its JSON has no place for the new values" };
    const keys = [this.#config.key, ...listKeys(this.#config)];
    const answer = await this.#redis.eval(
      TEXTS["swap.lua"],
      keys.length,
      ...keys,
      id,
      fingerprint ?? "",
      text,
    );
    if (!Array.isArray(answer) || answer[0] !== 1) return { outcome: "changed" };
    return { outcome: "written", fingerprint: createHash("sha1").update(text).digest("hex") };
  }

  async restore({ id, fingerprint, beforeImage }: Restoration): Promise<WriteOutcome> {
    const { value, places } = BeforeImage.parse(beforeImage);
    const keys = [this.#config.key, ...listKeys(this.#config)];
    const args = [id, fingerprint ?? "", value, ...places];
    const answer = await this.#redis.eval(TEXTS["restore.lua"], keys.length, ...keys, ...args);
    if (answer !== 1) return { outcome: "changed" };
    return { outcome: "written", fingerprint: createHash("sha1").update(value).digest("hex") };
  }
}
