import type { FeedPosition, ProjectedRow } from "../ledger/index.js";
import type { RedisConnection } from "./connection.js";
import { type KeyNames, keyNames } from "./key-names.js";
import { decodeRecord, encodeRecord, type ProjectionRecord } from "./record.js";
import { runScript, type ScriptCall } from "./script-runner.js";
import { valueText } from "./value.js";

const SCAN_KEYS = 1_000;

/** The copy is not what it was: look at both sides again before going on. */
export class StartOver extends Error {
  /** A position that the feed refused, if that is why. */
  readonly refused: FeedPosition | null;
  constructor(message: string, refused: FeedPosition | null = null) {
    super(message);
    this.refused = refused;
  }
}

/**
 * Everything the projector does in Redis. It belongs to one connection: what was written before a connection broke may be lost with
 * the server behind it, so nothing is built on that through another one.
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
    return decodeRecord(await this.#redis.bulk.get(this.#names.record));
  }

  /** Writes the first record of a generation, over whatever is there. */
  async putRecord(record: ProjectionRecord): Promise<void> {
    this.#checkConnection();
    await this.#redis.bulk.set(this.#names.record, encodeRecord(record));
  }

  /**
   * Replaces the record.
   * @returns the new one
   * @throws StartOver when it is not the one it was: Redis was emptied, lost writes, or somebody else projects into it
   */
  async swapRecord(from: ProjectionRecord, to: ProjectionRecord): Promise<ProjectionRecord> {
    const call = { key: this.#names.record, args: [encodeRecord(from), encodeRecord(to)] };
    const [swapped] = await this.#run("swap", [call]);
    if (swapped !== 1) throw new StartOver("the record in Redis is not the one that was written last");
    return to;
  }

  /**
   * Writes the values of jobs where none as new is there.
   * @returns how many were written
   * @throws StartOver when a value of a later epoch is there
   */
  async apply(rows: readonly ProjectedRow[], epoch: number): Promise<number> {
    const answers = await this.#run(
      "apply",
      rows.map((row) => this.#applyCall(row, epoch)),
    );
    if (answers.some((answer) => answer > 1)) throw new StartOver("Redis holds values of a later epoch");
    return answers.filter((answer) => answer === 1).length;
  }

  /** Removes the values of jobs that the ledger does not have any more. */
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

  /** Removes values of earlier epochs from a part of Redis. @returns the cursor of the next part, null after the last */
  async sweep(cursor: string, epoch: number): Promise<string | null> {
    this.#checkConnection();
    const { valuePattern } = this.#names;
    const [next, keys] = await this.#redis.bulk.scan(cursor, "MATCH", valuePattern, "COUNT", SCAN_KEYS);
    await this.#run(
      "sweep",
      keys.map((key) => ({ key, args: [String(epoch)] })),
    );
    return next === "0" ? null : next;
  }

  #applyCall(row: ProjectedRow, epoch: number): ScriptCall {
    const key = this.#names.value(row.id);
    const head = [String(epoch), String(row.version)];
    if (row.ttl_ms !== null && row.ttl_ms <= 0) return { key, args: [...head, "0", ""] };
    return { key, args: [...head, row.ttl_ms === null ? "" : String(row.ttl_ms), valueText(row, epoch)] };
  }

  #run(name: "apply" | "swap" | "sweep", calls: readonly ScriptCall[]): Promise<number[]> {
    return runScript(this.#redis.bulk, name, calls, () => this.#checkConnection());
  }

  #checkConnection(): void {
    if (this.#redis.bulkSession !== this.#session) throw new StartOver("the connection to Redis was renewed");
  }
}
