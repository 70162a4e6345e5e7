import type { FeedPosition, ProjectedRow } from "../ledger/index.js";
import type { RedisConnection } from "./connection.js";
import { type KeyNames, keyNames } from "./key-names.js";
import {
  decodeProjectionRecord,
  encodeProjectionRecord,
  type ProjectionRecord,
} from "./projection-record.js";
import { KEYS_PER_CALL_MAX, runScript, type ScriptCall } from "./script-runner.js";
import { valueText } from "./value.js";

const SCAN_KEYS = 1_000;
/** Bytes of the values that one run of a script writes. */
const CALL_BYTES_MAX = 262_144;

/** The projection has changed unexpectedly: check both sides again before continuing. */
export class StartOver extends Error {
  /** The position that the feed rejected, if that is the reason. */
  readonly refused: FeedPosition | null;
  constructor(message: string, refused: FeedPosition | null = null) {
    super(message);
    this.refused = refused;
  }
}

/**
 * Everything the projector does in Redis. It belongs to one connection: data written before a
 * connection broke may be lost with the server behind it, so no other connection may rely on that
 * data.
 */
export class ProjectionStore {
  readonly #redis: RedisConnection;
  readonly #names: KeyNames;
  readonly #session: number;

  constructor(redis: RedisConnection, prefix: string) {
    this.#redis = redis;
    this.#names = keyNames(prefix);
    this.#session = redis.bulkSession;
  }

  async readRecord(): Promise<ProjectionRecord | null> {
    this.#checkConnection();
    return decodeProjectionRecord(await this.#redis.bulk.get(this.#names.record));
  }

  /** Writes the first record of a generation, over any existing one. */
  async putRecord(record: ProjectionRecord): Promise<void> {
    this.#checkConnection();
    await this.#redis.bulk.set(this.#names.record, encodeProjectionRecord(record));
  }

  /**
   * Replaces the record.
   * @returns the new one
   * @throws StartOver when the record is not the expected one: Redis was emptied or lost writes, or
   *   another process projects into it
   */
  async swapRecord(from: ProjectionRecord, to: ProjectionRecord): Promise<ProjectionRecord> {
    const call = {
      keys: [this.#names.record],
      args: [encodeProjectionRecord(from), encodeProjectionRecord(to)],
    };
    const [swapped] = await this.#run("swap", [call]);
    if (swapped !== 1) throw new StartOver("the record in Redis is not the one that was written last");
    return to;
  }

  /**
   * Writes the values of jobs where the existing value is older or missing.
   * @returns how many were written
   * @throws StartOver when an existing value has a later epoch
   */
  async apply(rows: readonly ProjectedRow[], epoch: number): Promise<number> {
    const answers = (await this.#run("apply", [...this.#applyCalls(rows, epoch)])).flat();
    if (answers.some((answer) => Number(answer) > 1))
      throw new StartOver("Redis holds values of a later epoch");
    return answers.filter((answer) => answer === 1).length;
  }

  /** Removes the values of jobs that are no longer in the ledger. */
  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    this.#checkConnection();
    const pipeline = this.#redis.bulk.pipeline();
    for (const id of ids) pipeline.unlink(this.#names.value(id));
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }

  async publishChanges(message: string): Promise<void> {
    this.#checkConnection();
    await this.#redis.bulk.publish(this.#names.changes, message);
  }

  /**
   * Removes values of earlier epochs from a part of Redis.
   * @returns the cursor of the next part, null after the last, and how many values were removed
   */
  async sweep(cursor: string, epoch: number): Promise<{ next: string | null; removed: number }> {
    this.#checkConnection();
    const { valuePattern } = this.#names;
    const [next, keys] = await this.#redis.bulk.scan(cursor, "MATCH", valuePattern, "COUNT", SCAN_KEYS);
    const calls: ScriptCall[] = [];
    for (let from = 0; from < keys.length; from += KEYS_PER_CALL_MAX)
      calls.push({ keys: keys.slice(from, from + KEYS_PER_CALL_MAX), args: [String(epoch)] });
    const removed = (await this.#run("sweep", calls)).reduce<number>((sum, n) => sum + Number(n), 0);
    return { next: next === "0" ? null : next, removed };
  }

  *#applyCalls(rows: readonly ProjectedRow[], epoch: number): Generator<ScriptCall> {
    let call = { keys: [] as string[], args: [String(epoch)] };
    let bytes = 0;
    for (const row of rows) {
      const isOver = row.ttl_ms !== null && row.ttl_ms <= 0;
      const value = isOver ? "" : valueText(row, epoch);
      if (call.keys.length >= KEYS_PER_CALL_MAX || (bytes > 0 && bytes + value.length > CALL_BYTES_MAX)) {
        yield call;
        call = { keys: [], args: [String(epoch)] };
        bytes = 0;
      }
      const keepMs = isOver ? "0" : row.ttl_ms === null ? "" : String(row.ttl_ms);
      call.keys.push(this.#names.value(row.id));
      call.args.push(String(row.version), keepMs, value);
      bytes += value.length;
    }
    if (call.keys.length > 0) yield call;
  }

  #run(name: "apply" | "swap" | "sweep", calls: readonly ScriptCall[]): Promise<unknown[]> {
    return runScript(this.#redis.bulk, name, calls, () => this.#checkConnection());
  }

  #checkConnection(): void {
    if (this.#redis.bulkSession !== this.#session) throw new StartOver("the connection to Redis was renewed");
  }
}
