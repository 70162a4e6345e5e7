/**
 * An endpoint that shows the status of one job to users. It is no evidence against the record, but
 * it can be wrong itself when the API answers from its own memory or from a copy that nobody
 * updates.
 *
 * It cannot list its jobs, so it is asked for each job of the other views. A job whose request
 * fails is unknown. After many failures in a row the whole view is unknown: an endpoint that is
 * down must not look like one that agrees.
 */
import { createHash } from "node:crypto";
import { LockstepError } from "lockstep/internal/errors";
import { createJsonReader, type JsonReader } from "../json-fields.js";
import { createVocabulary } from "../status-words.js";
import {
  ABSENT,
  type Absent,
  type Answer,
  type Examination,
  type Summary,
  type Unknown,
  type Value,
  type View,
  type ViewTraits,
} from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";
import { addressOf } from "./address.js";
import { Asker, type HttpAnswer } from "./ask.js";
import { HttpConfig } from "./config.js";

/** Failures in a row after which the endpoint counts as down. */
const FAILURES_MAX = 20;
/** An id that no job has, to test whether the endpoint answers. */
const NOBODY = "lockstep-doctor-probe";

/** A status endpoint over HTTP. */
export const http: ViewType<typeof HttpConfig> = {
  config: HttpConfig,
  open: (options) => new HttpView(options),
};

class HttpView implements View {
  readonly name: string;
  readonly type = "http";
  readonly traits: ViewTraits = {
    role: "surface",
    absence: "meaningful",
    knowsLocks: false,
    keepsResults: false,
    isAuthority: false,
  };
  readonly writer = null;
  readonly #config: HttpConfig;
  readonly #asker: Asker;
  readonly #reader: JsonReader;
  #failuresInARow = 0;

  constructor({ name, config }: ViewOptions<HttpConfig>) {
    this.name = name;
    this.#config = config;
    this.#asker = new Asker({ ...config, timeoutMs: config.timeout, absent: new Set(config.absent) });
    const words = createVocabulary(config.statuses);
    this.#reader = createJsonReader({ ...config, words, heartbeatMs: 0 });
  }

  async examine(): Promise<Examination> {
    const answer = await this.#ask(NOBODY);
    if (answer.type === "failed") throw this.#unreadable(answer.why);
    return {
      countEstimate: null,
      writeObstacle: "the doctor only reads an endpoint",
      notes: [
        `${this.name}: the endpoint cannot list its jobs, so it is asked once for each job, ${this.#config.concurrency} at a time`,
      ],
    };
  }

  async *pages(): AsyncIterable<never> {
    // The endpoint answers for one job at a time and cannot list its jobs.
  }

  async *idPages(): AsyncIterable<never> {
    // As above.
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    return this.#all(ids, (text): Summary | Unknown => {
      const summaries = this.#reader.summaries(text);
      return summaries.state === "unknown" ? summaries : withoutLock(summaries);
    });
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    return this.#all(ids, (text, date): Answer<Value> => {
      const value = this.#reader.read(text);
      if (value.state === "unknown") return value;
      const evidence = date === null ? [] : [`answered at ${date}`];
      return {
        ...withoutLock(value),
        evidence,
        fingerprint: createHash("sha1").update(text).digest("hex"),
        beforeImage: null,
      };
    });
  }

  async close(): Promise<void> {
    await this.#asker.close();
  }

  /** Runs a few requests at a time until all ids are answered. */
  async #all<V>(
    ids: readonly string[],
    see: (text: string, date: string | null) => V | Absent | Unknown,
  ): Promise<ReadonlyMap<string, V | Absent | Unknown>> {
    const answers = new Map<string, V | Absent | Unknown>();
    const queue = ids.values();
    const worker = async () => {
      for (const id of queue) answers.set(id, this.#answerOf(await this.#ask(id), see));
    };
    await Promise.all(Array.from({ length: this.#config.concurrency }, worker));
    return answers;
  }

  #answerOf<V>(
    answer: HttpAnswer,
    see: (text: string, date: string | null) => V | Absent | Unknown,
  ): V | Absent | Unknown {
    switch (answer.type) {
      case "text":
        return see(answer.text, answer.date);
      case "absent":
        return ABSENT;
      case "odd":
        return { state: "unknown", of: "value", why: answer.why };
      case "failed":
        return { state: "unknown", of: "store", why: answer.why };
    }
  }

  /** @throws LockstepError VIEW_UNREADABLE after many failures in a row */
  async #ask(id: string): Promise<HttpAnswer> {
    const url = addressOf(this.#config.url, id);
    if (url === null) return { type: "odd", why: "has an id that cannot be part of an address" };
    const answer = await this.#asker.ask(url);
    this.#failuresInARow = answer.type === "failed" ? this.#failuresInARow + 1 : 0;
    if (answer.type === "failed" && this.#failuresInARow >= FAILURES_MAX)
      throw this.#unreadable(`${answer.why}, ${FAILURES_MAX} times in a row`);
    return answer;
  }

  #unreadable(why: string): LockstepError {
    const { origin } = new URL(this.#config.url.replace("{id}", ""));
    return new LockstepError("VIEW_UNREADABLE", `view ${this.name}: ${origin} ${why}`);
  }
}

/** An endpoint's heartbeats are as old as the rest of its answer, so they are ignored. */
function withoutLock<V extends Summary>(value: V): V {
  return { ...value, lock: undefined };
}
