import type { Lockstep, LockstepOptions } from "./contract.js";

/**
 * Opens Lockstep in this process: its database, migrated when needed, and everything that uses it.
 * Reads no environment variables.
 * @throws RangeError when two definitions have the same kind
 * @throws LockstepError INVALID_CONFIG when an address is not valid, or there are no `jobs`;
 *   DATA_DIR_LOCKED when another process uses the embedded database; DatabaseUnavailableError
 */
export async function createLockstep(options: LockstepOptions): Promise<Lockstep> {
  // This way a program that only imports definitions and types does not load the database driver.
  const { openLockstep } = await import("./open-lockstep.js");
  return await openLockstep(options);
}
