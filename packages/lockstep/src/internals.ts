import type { Logger } from "pino";
import type { Runtime } from "./runtime.js";

/** The open components of a `Lockstep`. */
export interface LockstepInternals {
  readonly ledger: Runtime["ledger"];
  readonly database: Runtime["database"];
  /** null: embedded. */
  readonly databaseUrl: string | null;
  readonly leaseSeconds: number;
  readonly files: Runtime["files"];
  readonly logger: Logger;
}

const known = new WeakMap<object, LockstepInternals>();

/** Remembers the components of a `Lockstep`, so that its public type need not contain them. */
export function attachInternals<Lockstep extends object>(
  lockstep: Lockstep,
  internals: LockstepInternals,
): Lockstep {
  known.set(lockstep, internals);
  return lockstep;
}

/**
 * The components that packages such as `@lockstep/bullmq` use.
 * @throws TypeError for an object that `createLockstep` of this installed package did not create
 */
export function internalsOf(lockstep: object): LockstepInternals {
  const internals = known.get(lockstep);
  if (internals) return internals;
  throw new TypeError(
    "not made by createLockstep of this package: is lockstep installed twice? See: npm ls lockstep",
  );
}
