import { createHash } from "node:crypto";
import type { Vocabulary } from "../status-words.js";
import { readTime } from "../times.js";
import type { Answer, Summary, Value } from "../view.js";
import type { ColumnRole, SqlConfig } from "./config.js";
import { beforeImageOf, type TableRow } from "./table.js";

export interface RowReader {
  summaries(row: TableRow): Answer<Summary>;
  read(row: TableRow): Answer<Value>;
}

/** Reads the rows of a job table; columns that the configuration does not name are null. */
export function createRowReader(config: SqlConfig, words: Vocabulary): RowReader {
  const summaries = (row: TableRow): Summary | null => {
    const word = row.status;
    if (word === null || word === undefined) return null;
    const heartbeat = readTime(row.heartbeat_at, config.zone);
    return {
      state: "value",
      word: String(word),
      status: words.statusOf(String(word)),
      result: outcome(row.result)?.parsed,
      lock:
        heartbeat === null
          ? undefined
          : Date.now() - Date.parse(heartbeat) < config.heartbeat
            ? "held"
            : "gone",
    };
  };
  const noStatus = { state: "unknown", of: "value", why: "its status is null" } as const;
  return {
    summaries: (row) => summaries(row) ?? noStatus,
    read(row) {
      const seen = summaries(row);
      if (seen === null) return noStatus;
      const time = (role: ColumnRole) => readTime(row[role], config.zone);
      const beforeImage = beforeImageOf(row);
      const heartbeat = time("heartbeat_at");
      return {
        ...seen,
        createdAt: time("created_at"),
        startedAt: time("started_at"),
        finishedAt: time("finished_at"),
        updatedAt: time("updated_at"),
        resultJson: outcome(row.result)?.json,
        errorJson: outcome(row.error)?.json,
        attempt: row.attempt === null || row.attempt === undefined ? null : Number(row.attempt),
        evidence: heartbeat === null ? [] : [`heartbeat at ${heartbeat}`],
        fingerprint: createHash("sha1").update(JSON.stringify(beforeImage)).digest("hex"),
        beforeImage,
      };
    },
  };
}

/** A column contains JSON or plain text. An empty text counts as no value. */
function outcome(raw: unknown): { readonly parsed: unknown; readonly json: string } | undefined {
  if (raw === null || raw === undefined || raw === "") return undefined;
  if (typeof raw !== "string") return { parsed: raw, json: JSON.stringify(raw) };
  try {
    const parsed: unknown = JSON.parse(raw);
    return parsed === null ? undefined : { parsed, json: raw };
  } catch {
    // Plain text, as is common in error columns.
    return { parsed: raw, json: JSON.stringify(raw) };
  }
}
