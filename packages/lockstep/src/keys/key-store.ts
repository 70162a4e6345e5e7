import type { Database } from "../database/index.js";
import { DatabaseUnavailableError, LockstepError } from "../errors.js";
import { isId, newId } from "../job/index.js";
import { createTtlCache } from "../timing/index.js";
import { createKeyFile } from "./key-file.js";
import type { AnyKeys, KeyInfo } from "./key-info.js";
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

export interface KeyStore extends Sessions {
  /**
   * Saves the active keys in the file, for the next process. Does nothing without a file.
   * @throws DatabaseUnavailableError, or the system's error when the file cannot be written
   */
  save(): Promise<void>;
  /** @throws INVALID_INPUT when the name is not 1 to 100 letters, digits, spaces or `. _ @ -` */
  create(key: { readonly name: string; readonly role: Role }): Promise<NewKey>;
  /** The newest 1,000, revoked ones included. */
  list(): Promise<readonly KeyInfo[]>;
  /** Revokes a key; revoking it again changes nothing. @throws KEY_NOT_FOUND */
  revoke(id: string): Promise<KeyInfo>;
  /**
   * @returns the active key of a token, or null. An answer is remembered for at most five seconds,
   *   and for an hour while the database is unavailable; so is the file's
   */
  verify(token: string): Promise<KeyInfo | null>;
  /**
   * Whether any key is active, and whether any was ever created, also when all are revoked now.
   * Remembered for at most five seconds, and for an hour while the database is unavailable.
   */
  any(): Promise<AnyKeys>;
}

/**
 * @param path of a file that keeps the active keys for when the database is away. Default: none
 * @throws DatabaseUnavailableError from every call when the database does not answer and nothing is
 *   remembered
 */
export function createKeyStore(database: Database, path?: string): KeyStore {
  const file = path === undefined ? null : createKeyFile(database, path);
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
  /** What the file says when nobody else can. */
  const orFile = async <T>(asked: Promise<T>, read: () => Promise<T | undefined> | undefined): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      const saved = error instanceof DatabaseUnavailableError ? await read() : undefined;
      if (saved === undefined) throw error;
      return saved;
    }
  };
  return {
    save: async () => await file?.save(),
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
      // A process that starts in an outage must not let it in. If it fails, a save follows soon.
      await file?.save().catch(() => undefined);
      return only(rows);
    },
    async verify(token) {
      if (!isToken(token)) return null;
      const hash = tokenHash(token);
      const ask = async () => (await database.query<KeyInfo>(VERIFY, [hash])).rows[0] ?? null;
      return await orFile(verified.get(hash.toString("hex"), ask), () => file?.find(hash));
    },
    any: async () => {
      const ask = async () =>
        (await database.query<AnyKeys>(ANY)).rows[0] ?? { active: false, created: false };
      return await orFile(exists.get("any", ask), () => file?.any());
    },
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
