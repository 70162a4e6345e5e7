import type { DatabaseUnavailableError } from "../errors.js";
import type { DatabaseLog } from "./database.js";

/**
 * Reports an outage once for each cause, and its end. A database that could never be used is not an
 * outage: the first call's error says so.
 */
export function createOutageLog(log: DatabaseLog | undefined) {
  let wasUsed = false;
  let reported: string | null = null;
  return {
    onRefused({ message }: DatabaseUnavailableError): void {
      if (!wasUsed || reported === message) return;
      reported = message;
      log?.warn({ reason: message }, "the database is unavailable");
    },
    onTaken(): void {
      wasUsed = true;
      if (reported === null) return;
      reported = null;
      log?.info({}, "the database can be used again");
    },
  };
}
