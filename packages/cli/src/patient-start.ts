import { DatabaseUnavailableError } from "lockstep/internal/errors";
import { pause } from "lockstep/internal/timing";

const RETRY_MS = 1_000;

interface PatientStart<Started> {
  start(): Promise<Started>;
  /** Called once, before the first wait. */
  onWait(error: DatabaseUnavailableError): void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Starts something that needs the database, as soon as the database is there.
 * @returns null when the signal ended the waiting
 */
export async function startWhenDatabaseIsThere<Started>({
  start,
  onWait,
  signal,
}: PatientStart<Started>): Promise<Started | null> {
  let waits = false;
  while (!signal.aborted) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      if (!waits) onWait(error);
      waits = true;
      await pause(RETRY_MS, signal);
    }
  }
  return null;
}
