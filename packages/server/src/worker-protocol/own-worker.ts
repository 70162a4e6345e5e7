import { LockstepError } from "lockstep/internal/errors";
import { isId } from "lockstep/internal/job";
import type { Ledger } from "lockstep/internal/ledger";
import type { Caller } from "../auth.js";

/** @throws WORKER_NOT_FOUND when the text is not an id */
export function requireWorkerId(id: string): string {
  if (!isId(id)) throw new LockstepError("WORKER_NOT_FOUND", "There is no worker with this id.");
  return id.toLowerCase();
}

/**
 * Checks that the caller may act in the name of a worker. A key with the role `work` may do so only
 * for workers that it registered. A key with the role `admin` may for every worker, and so may a
 * request without a key, which only a server without keys accepts.
 * @returns false when the caller's key could have registered it, but there is no such worker
 * @throws WORKER_OF_ANOTHER_KEY
 */
export async function isOwnWorker(
  ledger: Pick<Ledger, "workerKey">,
  workerId: string,
  { key }: Caller,
): Promise<boolean> {
  if (key === null || key.role === "admin") return true;
  const registeredBy = await ledger.workerKey(workerId);
  if (registeredBy === undefined) return false;
  if (registeredBy === key.id) return true;
  throw new LockstepError("WORKER_OF_ANOTHER_KEY", "This key did not register the worker.");
}

/**
 * The id of a worker for which the caller may act.
 * @throws WORKER_NOT_FOUND, WORKER_OF_ANOTHER_KEY
 */
export async function requireOwnWorker(
  ledger: Pick<Ledger, "workerKey">,
  id: string,
  caller: Caller,
): Promise<string> {
  const workerId = requireWorkerId(id);
  if (!(await isOwnWorker(ledger, workerId, caller)))
    throw new LockstepError("WORKER_NOT_FOUND", "There is no worker with this id: register again.");
  return workerId;
}
