import type { Database } from "../database/index.js";

/** Two ledgers in one database do not wake each other. */
export const notifyChannel = ({ schema }: Pick<Database, "schema">): string => `${schema}_wake_ups`;

/**
 * Carries wake-ups between processes. It may lose, repeat or delay them: a wake-up carries no
 * truth, and every reader also polls.
 */
export interface WakeUpTransport {
  publish(payload: string): Promise<void>;
  /**
   * @param onMessage receives null after a gap
   * @returns a function that ends the subscription
   */
  subscribe(onMessage: (payload: string | null) => void): Promise<() => Promise<void>>;
}

/** Sends wake-ups as notifications of the database itself. */
export function notifyTransport(database: Database): WakeUpTransport {
  return {
    publish: async (payload) =>
      void (await database.query("select pg_notify($1, $2)", [notifyChannel(database), payload])),
    subscribe: (onMessage) => database.listen(notifyChannel(database), onMessage),
  };
}
