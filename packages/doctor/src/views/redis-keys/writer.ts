import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Status } from "lockstep/internal/job";
import { z } from "zod";
import { settledText } from "../settled-text.js";
import type { Vocabulary } from "../status-words.js";
import type { Repair, Restoration, SettableField, ViewWriter, WriteOutcome } from "../writer.js";
import type { RedisKeysConfig } from "./config.js";
import type { KeyPattern } from "./key-pattern.js";
import { TEXTS } from "./texts.generated.js";

const BeforeImage = z.object({ value: z.string() });

interface RedisKeysWriterOptions {
  readonly redis: Redis;
  readonly keys: KeyPattern;
  readonly config: RedisKeysConfig;
  readonly words: Vocabulary;
}

/**
 * Changes members of a job's JSON in place. A key that has expired meanwhile is not created again.
 */
export class RedisKeysWriter implements ViewWriter {
  readonly actions = ["settle"] as const;
  readonly fields: ReadonlySet<SettableField> = new Set(["started_at", "finished_at", "result", "error"]);
  readonly #options: RedisKeysWriterOptions;

  constructor(options: RedisKeysWriterOptions) {
    this.#options = options;
  }

  wordFor(status: Status): string | null {
    return this.#options.words.wordFor(status);
  }

  async write({ id, fingerprint, beforeImage, to }: Repair): Promise<WriteOutcome> {
    const word = this.wordFor(to.status);
    if (word === null)
      return { outcome: "refused", why: `no word is mapped to ${to.status}: add one under its statuses` };
    const text = settledText(BeforeImage.parse(beforeImage).value, this.#options.config.fields, word, to);
    if (text === null) return { outcome: "refused", why: "its JSON has no place for the new values" };
    return await this.#swap(id, fingerprint, text);
  }

  async restore({ id, fingerprint, beforeImage }: Restoration): Promise<WriteOutcome> {
    return await this.#swap(id, fingerprint, BeforeImage.parse(beforeImage).value);
  }

  async #swap(id: string, fingerprint: string | null, text: string): Promise<WriteOutcome> {
    const { redis, keys } = this.#options;
    const answer = await redis.eval(TEXTS["swap.lua"], 1, keys.keyOf(id), fingerprint ?? "", text);
    if (answer !== 1) return { outcome: "changed" };
    return { outcome: "written", fingerprint: createHash("sha1").update(text).digest("hex") };
  }
}
