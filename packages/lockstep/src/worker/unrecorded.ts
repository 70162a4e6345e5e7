import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Settlement } from "../ledger/index.js";
import { openSpoolFile } from "./spool-file.js";

const FILES_MAX = 10_000;

/** Whether a refused outcome is a handler's own result; a release or a cancellation is not. */
export function isResult({ outcome }: Settlement): boolean {
  return outcome.type === "completed" || outcome.type === "failed";
}

/**
 * Writes the outcome of an attempt that the ledger never granted, as far as it knows: it was
 * restored from an older backup, or a failover lost the claim. The outcome can be neither settled
 * nor kept with the job, which may run again or not exist, so a person decides about it.
 * @returns the file, once it is on the disk
 * @throws the system's error when it cannot be written
 */
export async function keepUnrecorded(dataDir: string, settlement: Settlement): Promise<string> {
  const { job_id, attempt, worker_id, outcome } = settlement;
  const path = join(dataDir, "unrecorded", `${job_id}-${attempt}-${worker_id}.json`);
  const file = await openSpoolFile(path);
  try {
    if ((await readdir(dirname(path))).length > FILES_MAX)
      throw new Error(`there are ${FILES_MAX} files already`);
    const shown =
      outcome.type === "completed" ? { ...outcome, output: JSON.parse(outcome.output) as unknown } : outcome;
    const text = JSON.stringify({ job_id, attempt, worker_id, outcome: shown }, null, 2);
    // It is there already when a crash came before the spool was emptied.
    await file.clear();
    await file.append(Buffer.from(`${text}\n`));
  } finally {
    await file.close();
  }
  return path;
}
