import { createHash, randomBytes } from "node:crypto";

const TOKEN = /^lk_[A-Za-z0-9_-]{43}$/;
const SESSION = /^ls_[A-Za-z0-9_-]{43}$/;

/** Creates a secret: `lk_` and 32 random bytes in base64url. */
export function newToken(): string {
  return `lk_${randomBytes(32).toString("base64url")}`;
}

/** Whether a text could be a token. Nothing else is looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * Creates the secret that a browser holds instead of a key: `ls_` and 32 random bytes in base64url.
 */
export function newSession(): string {
  return `ls_${randomBytes(32).toString("base64url")}`;
}

/** Whether a text could be a session. Nothing else is looked up. */
export function isSession(text: string): boolean {
  return SESSION.test(text);
}

/**
 * The stored form of a token. Plain SHA-256 is enough: 256 random bits cannot be guessed, so a slow
 * hash would protect nothing.
 */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
