import type { Role } from "./role.js";

/** A key as people see it: everything but the secret. */
export interface KeyInfo {
  readonly id: string;
  /** Shown as the actor of what the key does: `api:<name>`. */
  readonly name: string;
  readonly role: Role;
  /** RFC 3339. */
  readonly created_at: string;
  readonly revoked_at: string | null;
}
