/**
 * What a key may do. `read` < `submit` < `operate` < `admin`; `work` is separate from these: the
 * worker protocol, and reading.
 */
export const ROLES = ["read", "submit", "operate", "work", "admin"] as const;

export type Role = (typeof ROLES)[number];

const INCLUDED: Readonly<Record<Role, readonly Role[]>> = {
  read: ["read"],
  submit: ["read", "submit"],
  operate: ["read", "submit", "operate"],
  work: ["read", "work"],
  admin: ROLES,
};

/** Whether a key with one role may do what requires another role. */
export function grants(held: Role, needed: Role): boolean {
  return INCLUDED[held].includes(needed);
}
