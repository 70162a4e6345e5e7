import type { ProjectedRow, ProjectionSession } from "../ledger/index.js";
import type { ProjectionStore } from "./store.js";
import { PAYLOAD_BYTES_MAX } from "./value.js";

/** Bytes of large payloads in memory at once. */
const GROUP_BYTES_MAX = 8_388_608;

/** Jobs as they are in the ledger now. */
export interface Page {
  readonly rows: readonly ProjectedRow[];
  /** Jobs whose output or error is read separately. */
  readonly large: readonly ProjectedRow[];
  /** Jobs that do not exist. */
  readonly gone: readonly string[];
}

export async function readPage(session: ProjectionSession, ids: readonly string[]): Promise<Page> {
  if (ids.length === 0) return { rows: [], large: [], gone: [] };
  const rows = await session.values(ids);
  const large = rows.filter(isLarge);
  return {
    rows: large.length === 0 ? rows : rows.filter((row) => !isLarge(row)),
    large,
    gone: rows.length === ids.length ? [] : missing(ids, rows),
  };
}

function isLarge({ payload, payload_bytes }: ProjectedRow): boolean {
  return payload === null && payload_bytes > 0 && payload_bytes <= PAYLOAD_BYTES_MAX;
}

function missing(ids: readonly string[], rows: readonly ProjectedRow[]): string[] {
  const found = new Set(rows.map((row) => row.id));
  return ids.filter((id) => !found.has(id));
}

/**
 * Writes the values that fit into one page.
 * @returns how many values were written
 */
export async function writeRows(store: ProjectionStore, page: Page, epoch: number): Promise<number> {
  await store.remove(page.gone);
  return await store.apply(page.rows, epoch);
}

/**
 * Reads large payloads group by group, and writes them.
 * @returns how many values were written
 */
export async function writeLarge(
  session: ProjectionSession,
  store: ProjectionStore,
  page: Page,
  epoch: number,
): Promise<number> {
  let written = 0;
  for (const ids of groups(page.large))
    written += await store.apply(await session.largeValues(ids, PAYLOAD_BYTES_MAX), epoch);
  return written;
}

function* groups(rows: readonly ProjectedRow[]): Generator<readonly string[]> {
  let ids: string[] = [];
  let bytes = 0;
  for (const { id, payload_bytes } of rows) {
    if (ids.length > 0 && bytes + payload_bytes > GROUP_BYTES_MAX) {
      yield ids;
      ids = [];
      bytes = 0;
    }
    ids.push(id);
    bytes += payload_bytes;
  }
  if (ids.length > 0) yield ids;
}
