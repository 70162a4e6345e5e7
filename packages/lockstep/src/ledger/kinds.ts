import type { Database } from "../database/index.js";
import type { KindRecord, RecordedKind } from "../job/index.js";
import type { KindLedger } from "./kind.js";
import { kindRecord } from "./kind-record.js";
import { statement } from "./statements.js";

const LIST_MAX = 1_000;
const BEFORE_ALL = "";

export function createKindLedger(database: Database): KindLedger {
  const defined = new Set<string>();
  const record = async (kinds: readonly KindRecord[]): Promise<void> => {
    if (kinds.length === 0) return;
    const byName = new Map(kinds.map((each) => [each.kind, each]));
    await database.query(statement("record_kinds"), [JSON.stringify([...byName.values()])]);
  };
  const read = async (names: readonly string[] | null, after: string, limit: number) =>
    (await database.query<RecordedKind>(statement("get_kinds"), [names, after, limit])).rows;
  return {
    record,
    async define(definitions) {
      const fresh = definitions.map(kindRecord).filter((each) => !defined.has(identityOf(each)));
      await record(fresh);
      for (const each of fresh) defined.add(identityOf(each));
      return fresh;
    },
    find: async (names) => (names.length === 0 ? [] : await read(names, BEFORE_ALL, names.length)),
    async list({ after = BEFORE_ALL, limit }) {
      const most = Math.min(LIST_MAX, Math.max(1, limit));
      const rows = await read(null, after, most + 1);
      const kinds = rows.slice(0, most);
      return { kinds, next: rows.length > most ? (kinds.at(-1)?.kind ?? null) : null };
    },
    async names() {
      const { rows } = await database.query<{ name: string }>(statement("kind_names"));
      return rows.map(({ name }) => name);
    },
  };
}

const identityOf = ({ kind, version_hash }: KindRecord) => `${kind} ${version_hash}`;
