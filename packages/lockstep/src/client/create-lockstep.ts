import type { Lockstep, LockstepOptions } from "./contract.js";

/**
 * Opens Lockstep in this process: its database, brought up to date, and what works on it. Reads no environment.
 * @throws RangeError when two definitions have the same kind
 * @throws LockstepError INVALID_CONFIG when an address is none, or there are no `jobs`; DATA_DIR_LOCKED when another process uses the embedded database; DatabaseUnavailableError
 */
export async function createLockstep(options: LockstepOptions): Promise<Lockstep> {
  // A program that only imports definitions and types starts without the database driver.
  const { openLockstep } = await import("./open-lockstep.js");
  return await openLockstep(options);
}
