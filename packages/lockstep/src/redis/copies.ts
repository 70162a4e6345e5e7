import { createHash } from "node:crypto";
import { type Copies, isId, type NewCopy, type StoredCopy } from "../job/index.js";
import type { ProjectedRow, ProjectionSource } from "../ledger/index.js";
import type { RedisConnection } from "./connection.js";
import { keyNames } from "./key-names.js";
import { decodeProjectionRecord } from "./projection-record.js";
import { KEPT_SECONDS_DEFAULT } from "./projector.js";
import { TEXTS } from "./scripts/texts.generated.js";
import { PAYLOAD_BYTES_MAX, payloadText, readValue, valueText } from "./value.js";

/** Keys in one MGET. A value is at most a little over a mebibyte. */
const KEYS_MAX = 50;

export interface CopiesOptions {
  readonly redis: RedisConnection;
  /** Prefix of the values' keys. */
  readonly prefix: string;
  readonly projection: Pick<ProjectionSource, "rows" | "outcomes">;
  /** How long the value of a finished job is kept. Default: the projector's. */
  readonly ttlSeconds?: number;
}

const NOTHING = Buffer.alloc(0);

export function createCopies(options: CopiesOptions): Copies {
  const { redis, prefix, projection, ttlSeconds = KEPT_SECONDS_DEFAULT } = options;
  const { quick } = redis;
  const names = keyNames(prefix);
  const record = async () => decodeProjectionRecord(await quick.get(names.record));
  return {
    async phase() {
      const known = await record();
      return known === null ? "none" : known.phase === "ready" ? "ready" : "rebuilding";
    },
    async read(jobIds) {
      const found = new Map<string, StoredCopy | null>();
      for (let start = 0; start < jobIds.length; start += KEYS_MAX) {
        const ids = jobIds.slice(start, start + KEYS_MAX);
        const values = await quick.mgetBuffer(...ids.map((id) => names.value(id)));
        for (const [index, id] of ids.entries()) found.set(id, stored(id, values[index] ?? null));
      }
      return found;
    },
    async outcomes(jobIds) {
      const rows = await projection.outcomes(jobIds.filter(isId), PAYLOAD_BYTES_MAX);
      return new Map(rows.map((row) => [row.id, row]));
    },
    async ttlMs(jobId) {
      const ms = await quick.pttl(names.value(jobId));
      return ms < 0 ? null : ms;
    },
    async render(jobId) {
      const epoch = (await record())?.epoch;
      if (epoch === undefined || !isId(jobId)) return null;
      const [row] = await projection.rows([jobId], ttlSeconds, PAYLOAD_BYTES_MAX);
      return row === undefined ? null : rendered(row, epoch);
    },
    async swap(jobId, seen, next) {
      const args = [seen ?? NOTHING, seen ? 1 : 0, next?.bytes ?? NOTHING, next ? 1 : 0, next?.ttlMs ?? ""];
      return (await quick.eval(TEXTS["refresh.lua"], 1, names.value(jobId), ...args)) === 1;
    },
  };
}

function stored(id: string, bytes: Buffer | null): StoredCopy | null {
  if (bytes === null) return null;
  const text = bytes.toString("utf8");
  return { bytes, job: readValue(id, text)?.job ?? null, digest: digestOf(payloadText(text)) };
}

function digestOf(payload: string | null | undefined): string | null {
  if (payload === null) return null;
  if (payload === undefined || payload === "null") return "none";
  return createHash("md5").update(payload).digest("hex");
}

function rendered(row: ProjectedRow, epoch: number): (NewCopy & { readonly status: string }) | null {
  if (row.ttl_ms !== null && row.ttl_ms <= 0) return null;
  return { bytes: Buffer.from(valueText(row, epoch), "utf8"), ttlMs: row.ttl_ms, status: row.status };
}
