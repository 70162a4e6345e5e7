import type { Database } from "../database/index.js";
import { LockstepError } from "../errors.js";
import { isId, newId } from "../job/index.js";
import { createTtlCache } from "../timing/index.js";
import type { KeyInfo } from "./key-info.js";
import { OUTAGE, REMEMBERED_KEYS_MAX, REMEMBERED_MS } from "./remembered.js";
import type { Role } from "./role.js";
import { createSessions, type Sessions } from "./sessions.js";
import { ANY, CREATE, LIST, REVOKE, VERIFY } from "./statements.js";
import { isToken, newToken, tokenHash } from "./token.js";

const LISTED_MAX = 1_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,99}$/;

export interface NewKey extends KeyInfo {
  /** The secret. It is not stored anywhere and cannot be shown again. */
  readonly token: string;
}

export interface AnyKeys {
  readonly active: boolean;
  readonly created: boolean;
}

export interface KeyStore extends Sessions {
  /** @throws INVALID_INPUT when the name is not 1 to 100 letters, digits, spaces or `. _ @ -` */
  create(key: { readonly name: string; readonly role: Role }): Promise<NewKey>;
  /** The newest 1,000, revoked ones included. */
  list(): Promise<readonly KeyInfo[]>;
  /** Revokes a key; revoking it again changes nothing. @throws KEY_NOT_FOUND */
  revoke(id: string): Promise<KeyInfo>;
  /**
   * @returns the active key of a token, or null. An answer is remembered for at most five seconds,
   *   and for an hour while the database is unavailable
   */
  verify(token: string): Promise<KeyInfo | null>;
  /**
   * Whether any key is active, and whether any was ever created, also when all are revoked now.
   * Remembered for at most five seconds, and for an hour while the database is unavailable.
   */
  any(): Promise<AnyKeys>;
}

/**
 * @throws DatabaseUnavailableError from every call when the database does not answer and nothing is
 *   remembered
 */
export function createKeyStore(database: Database): KeyStore {
  const verified = createTtlCache<KeyInfo | null>({
    milliseconds: REMEMBERED_MS,
    sizeMax: REMEMBERED_KEYS_MAX,
    keep: (key) => key !== null,
    outage: OUTAGE,
  });
  const exists = createTtlCache<AnyKeys>({ milliseconds: REMEMBERED_MS, sizeMax: 1, outage: OUTAGE });
  const sessions = createSessions(database);
  const forgetAll = () => {
    verified.clear();
    sessions.forget();
    exists.clear();
  };
  const { openSession, session, closeSession } = sessions;
  return {
    openSession,
    session,
    closeSession,
    async create({ name, role }) {
      requireName(name);
      const token = newToken();
      const { rows } = await database.query<KeyInfo>(CREATE, [newId(), name, role, tokenHash(token)]);
      forgetAll();
      return { ...only(rows), token };
    },
    async list() {
      return (await database.query<KeyInfo>(LIST, [LISTED_MAX])).rows;
    },
    async revoke(id) {
      if (!isId(id)) throw keyNotFound();
      const { rows } = await database.query<KeyInfo>(REVOKE, [id]);
      forgetAll();
      return only(rows);
    },
    async verify(token) {
      if (!isToken(token)) return null;
      const hash = tokenHash(token);
      const ask = async () => (await database.query<KeyInfo>(VERIFY, [hash])).rows[0] ?? null;
      return await verified.get(hash.toString("hex"), ask);
    },
    any: () =>
      exists.get("any", async () => {
        const { rows } = await database.query<AnyKeys>(ANY);
        return rows[0] ?? { active: false, created: false };
      }),
  };
}

function only(rows: readonly KeyInfo[]): KeyInfo {
  const key = rows[0];
  if (!key) throw keyNotFound();
  return key;
}

function keyNotFound(): LockstepError {
  return new LockstepError("KEY_NOT_FOUND", "there is no API key with this id");
}

function requireName(name: string): void {
  if (NAME.test(name)) return;
  const detail = "must be 1 to 100 letters, digits, spaces or . _ @ -, and begin with a letter or digit";
  throw new LockstepError("INVALID_INPUT", `the key's name ${detail}`, {
    issues: [{ pointer: "/name", detail }],
  });
}
