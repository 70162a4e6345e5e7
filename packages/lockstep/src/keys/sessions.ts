import type { Database } from "../database/index.js";
import { createTtlCache } from "../timing/index.js";
import type { KeyInfo } from "./key-info.js";
import { OUTAGE, REMEMBERED_KEYS_MAX, REMEMBERED_MS } from "./remembered.js";
import { CLOSE_SESSION, OPEN_SESSION, VERIFY, VERIFY_SESSION } from "./statements.js";
import { isSession, isToken, newSession, tokenHash } from "./token.js";

/**
 * Seconds until a browser must sign in again. Its cookie ends when the browser closes, which may be
 * sooner.
 */
const SESSION_SECONDS = 7 * 86_400;

export interface Sessions {
  /**
   * Begins a session with an active key.
   * @returns the key and the session's secret, or null when the token is not an active key
   */
  openSession(token: string): Promise<{ readonly key: KeyInfo; readonly session: string } | null>;
  /**
   * @returns the active key of a session, or null. Remembered as long as the answer about a key is
   */
  session(secret: string): Promise<KeyInfo | null>;
  /** Ends a session; ending it again changes nothing. */
  closeSession(secret: string): Promise<void>;
}

/**
 * @throws DatabaseUnavailableError from every call when the database does not answer and nothing is
 *   remembered
 */
export function createSessions(database: Database): Sessions & { forget(): void } {
  const known = createTtlCache<KeyInfo | null>({
    milliseconds: REMEMBERED_MS,
    sizeMax: REMEMBERED_KEYS_MAX,
    keep: (key) => key !== null,
    outage: OUTAGE,
  });
  return {
    forget: known.clear,
    async openSession(token) {
      if (!isToken(token)) return null;
      const { rows } = await database.query<KeyInfo>(VERIFY, [tokenHash(token)]);
      const [key] = rows;
      if (!key) return null;
      const session = newSession();
      await database.query(OPEN_SESSION, [tokenHash(session), key.id, SESSION_SECONDS]);
      return { key, session };
    },
    async session(secret) {
      if (!isSession(secret)) return null;
      const hash = tokenHash(secret);
      const ask = async () => (await database.query<KeyInfo>(VERIFY_SESSION, [hash])).rows[0] ?? null;
      return await known.get(hash.toString("hex"), ask);
    },
    async closeSession(secret) {
      known.clear();
      if (isSession(secret)) await database.query(CLOSE_SESSION, [tokenHash(secret)]);
      known.clear();
    },
  };
}
