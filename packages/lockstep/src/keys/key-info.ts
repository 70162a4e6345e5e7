import type { Role } from "./role.js";

/** A key as people see it: everything except the secret. */
export interface KeyInfo {
  readonly id: string;
  /** Shown as the actor of the key's changes: `api:<name>`. */
  readonly name: string;
  readonly role: Role;
  /** RFC 3339. */
  readonly created_at: string;
  readonly revoked_at: string | null;
}

export interface AnyKeys {
  readonly active: boolean;
  /** Also when all are revoked now. */
  readonly created: boolean;
}
