import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Database } from "../database/index.js";
import type { AnyKeys, KeyInfo } from "./key-info.js";
import { OUTAGE } from "./remembered.js";
import { ROLES } from "./role.js";
import { ACTIVE, ANY } from "./statements.js";

const KEYS_MAX = 10_000;

const content = z.object({
  /** Milliseconds since 1970, by this machine's clock. */
  saved_at: z.number(),
  any: z.object({ active: z.boolean(), created: z.boolean() }),
  /** By the SHA-256 of the token, in hexadecimal. */
  keys: z.record(
    z.string(),
    z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), created_at: z.string() }),
  ),
});
type Content = z.infer<typeof content>;

/**
 * The active keys in a file, for a server that starts while the database is away. Like the table
 * it has only hashes. It counts for as long as a remembered answer does in an outage.
 */
export interface KeyFile {
  /** @throws DatabaseUnavailableError, or the system's error when the file cannot be written */
  save(): Promise<void>;
  /** @returns null when the file has no such key; undefined when there is no file that counts */
  find(hash: Buffer): Promise<KeyInfo | null | undefined>;
  any(): Promise<AnyKeys | undefined>;
}

export function createKeyFile(database: Database, path: string): KeyFile {
  const read = async (): Promise<Content | undefined> => {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) return undefined;
    const parsed = content.safeParse(jsonOf(text));
    if (!parsed.success) return undefined;
    const ageMs = Date.now() - parsed.data.saved_at;
    return ageMs >= 0 && ageMs <= OUTAGE.milliseconds ? parsed.data : undefined;
  };
  return {
    async save() {
      const saved_at = Date.now();
      const { rows } = await database.query<KeyInfo & { readonly hash: string }>(ACTIVE, [KEYS_MAX]);
      const [any = { active: false, created: false }] = (await database.query<AnyKeys>(ANY)).rows;
      const keys = Object.fromEntries(
        rows.map(({ hash, id, name, role, created_at }) => [hash, { id, name, role, created_at }]),
      );
      await replace(path, JSON.stringify({ saved_at, any, keys } satisfies Content));
    },
    async find(hash) {
      const known = await read();
      if (known === undefined) return undefined;
      const key = known.keys[hash.toString("hex")];
      return key === undefined ? null : { ...key, revoked_at: null };
    },
    any: async () => (await read())?.any,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Readable by this user alone: names and roles are nobody else's business. */
async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
