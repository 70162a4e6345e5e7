/**
 * A queue of BullMQ's own PostgreSQL backend (version 6): one row for each job. The row's `state`
 * is authoritative, and `locked_until_ms` shows whether a worker is alive. The view only reads,
 * because BullMQ's functions keep counters, flows and events consistent.
 */
import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { LockstepError } from "lockstep/internal/errors";
import { z } from "zod";
import { chunksOf } from "../../stores/redis-facts.js";
import type { SqlTables } from "../../stores/store-connections.js";
import { BULLMQ_WORDS, isQueued } from "../bullmq/states.js";
import { createVocabulary, StatusWords, type Vocabulary } from "../status-words.js";
import { readTime } from "../times.js";
import {
  ABSENT,
  type Answer,
  type Examination,
  type ListedJob,
  type Summary,
  type Value,
  type View,
  type ViewTraits,
} from "../view.js";
import type { ViewOptions, ViewType } from "../view-type.js";

const ROWS_PER_PAGE = 2_000;

const Config = z.strictObject({
  type: z.literal("bullmq-postgres"),
  url: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" }),
  queue: z.string().min(1).max(256),
  schema: z.string().min(1).max(63).default("bullmq"),
  /** Whether finished jobs stay, so that a missing job was never added or was lost. */
  keeps_finished: z.boolean().default(false),
  statuses: StatusWords.default(BULLMQ_WORDS),
});

type Config = z.output<typeof Config>;

/** Every value as PostgreSQL's text. */
const Row = z.object({
  id: z.string(),
  state: z.string(),
  priority: z.string(),
  is_locked: z.string(),
  return_value: z.string().nullable(),
  failed_reason: z.string().nullable(),
  attempts_started: z.string(),
  added_at_ms: z.string(),
  processed_at_ms: z.string().nullable(),
  finished_at_ms: z.string().nullable(),
  row_mark: z.string(),
});

type Row = z.output<typeof Row>;

/** A queue of BullMQ 6 in PostgreSQL. */
export const bullmqPostgres: ViewType<typeof Config> = {
  config: Config,
  open: (options) => new BullmqPostgresView(options),
};

class BullmqPostgresView implements View {
  readonly name: string;
  readonly type = "bullmq-postgres";
  readonly traits: ViewTraits;
  readonly writer = null;
  readonly #config: Config;
  readonly #database: Kysely<SqlTables>;
  readonly #words: Vocabulary;

  constructor({ name, config, stores }: ViewOptions<Config>) {
    this.name = name;
    this.#config = config;
    this.#database = stores.sql("postgres", config.url);
    this.#words = createVocabulary(config.statuses);
    this.traits = {
      role: "queue",
      absence: config.keeps_finished ? "meaningful" : "silent",
      knowsLocks: true,
      keepsResults: true,
      isAuthority: false,
    };
  }

  async examine(): Promise<Examination> {
    const table = `${this.#config.schema}.job`;
    const { rows } = await sql<{ there: string | null }>`select to_regclass(${table})::text as there`.execute(
      this.#database,
    );
    if (!rows[0]?.there)
      throw new LockstepError(
        "VIEW_MISMATCH",
        `view ${this.name}: there is no table ${table}: check the address and the schema`,
      );
    return {
      countEstimate: null,
      writeObstacle: "the doctor only reads BullMQ's tables",
      notes: [],
    };
  }

  async *pages(signal: AbortSignal): AsyncIterable<readonly ListedJob[]> {
    let last: string | null = null;
    for (;;) {
      const rows: readonly Row[] = await this.#rows(last === null ? sql`true` : sql`id > ${last}`);
      signal.throwIfAborted();
      if (rows.length > 0) yield rows.map((row) => ({ id: row.id, answer: this.#summaries(row) }));
      if (rows.length < ROWS_PER_PAGE) return;
      last = rows.at(-1)?.id ?? null;
    }
  }

  async *idPages(signal: AbortSignal): AsyncIterable<readonly string[]> {
    for await (const page of this.pages(signal)) yield page.map(({ id }) => id);
  }

  summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    return this.#byIds(ids, (row) => this.#summaries(row));
  }

  read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    return this.#byIds(ids, (row) => this.#value(row));
  }

  async close(): Promise<void> {
    // The stores own the pool.
  }

  async #byIds<V>(ids: readonly string[], see: (row: Row) => V): Promise<ReadonlyMap<string, Answer<V>>> {
    const answers = new Map<string, Answer<V>>(ids.map((id) => [id, ABSENT]));
    const possible = ids.filter((id) => !id.includes("\u0000"));
    for (const chunk of chunksOf(possible, ROWS_PER_PAGE))
      for (const row of await this.#rows(sql`id = any(${chunk})`)) answers.set(row.id, see(row));
    return answers;
  }

  async #rows(condition: ReturnType<typeof sql>): Promise<readonly Row[]> {
    const { rows } = await sql`
      select id, state, priority, return_value, failed_reason, attempts_started, added_at_ms, processed_at_ms,
        finished_at_ms, xmin::text as row_mark,
        coalesce(locked_until_ms > extract(epoch from clock_timestamp()) * 1000, false)::text as is_locked
      from ${sql.table(`${this.#config.schema}.job`)}
      where queue = ${this.#config.queue} and ${condition}
      order by id
      limit ${sql.lit(ROWS_PER_PAGE)}
    `.execute(this.#database);
    return z.array(Row).parse(rows);
  }

  #summaries(row: Row): Summary {
    const word = row.state === "waiting" && row.priority !== "0" ? "prioritized" : row.state;
    const summaries: Summary = {
      state: "value",
      word,
      status: this.#words.statusOf(word),
      result: row.return_value === null ? undefined : (JSON.parse(row.return_value) ?? undefined),
    };
    if (word === "active") return { ...summaries, lock: row.is_locked === "true" ? "held" : "gone" };
    return isQueued(word) ? { ...summaries, isQueued: true } : summaries;
  }

  #value(row: Row): Value {
    const time = (milliseconds: string | null) => readTime(milliseconds, "UTC");
    const { is_locked, ...kept } = row;
    return {
      ...this.#summaries(row),
      createdAt: time(row.added_at_ms),
      startedAt: time(row.processed_at_ms),
      finishedAt: time(row.finished_at_ms),
      updatedAt: time(row.finished_at_ms ?? row.processed_at_ms ?? row.added_at_ms),
      resultJson: row.return_value === null || row.return_value === "null" ? undefined : row.return_value,
      errorJson: row.failed_reason === null ? undefined : JSON.stringify({ message: row.failed_reason }),
      attempt: Number(row.attempts_started),
      evidence: [
        `its state in BullMQ is ${row.state}`,
        ...(row.state === "active"
          ? [is_locked === "true" ? "a worker holds its lock" : "its lock has expired"]
          : []),
      ],
      fingerprint: createHash("sha1").update(JSON.stringify(kept)).digest("hex"),
      beforeImage: null,
    };
  }
}
