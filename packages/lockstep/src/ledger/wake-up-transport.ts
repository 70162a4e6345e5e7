import type { Database } from "../database/index.js";

export const NOTIFY_CHANNEL = "lockstep";

/** Carries hints between processes. It may lose them, repeat them and be late: a hint carries no truth, and every reader also polls. */
export interface WakeUpTransport {
  publish(payload: string): Promise<void>;
  /** @param onMessage gets null after a gap @returns a function that ends the subscription */
  subscribe(onMessage: (payload: string | null) => void): Promise<() => Promise<void>>;
}

/** Hints as notifications of the database itself. */
export function notifyTransport(database: Database): WakeUpTransport {
  return {
    publish: async (payload) =>
      void (await database.query("select pg_notify($1, $2)", [NOTIFY_CHANNEL, payload])),
    subscribe: (onMessage) => database.listen(NOTIFY_CHANNEL, onMessage),
  };
}
