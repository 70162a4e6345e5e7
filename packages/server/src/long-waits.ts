import type { ServerResponse } from "node:http";
import { LockstepError } from "lockstep/internal/errors";

/**
 * Requests that are held open on purpose: their number is limited, and they end when the client
 * disconnects or the server closes.
 */
export interface LongWaits {
  /**
   * Holds a request while `work` runs.
   * @param work its signal is aborted when the client disconnects or the server closes
   * @throws OVERLOADED, SHUTTING_DOWN
   */
  hold<T>(response: ServerResponse, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends all of them. */
  close(): void;
}

export function createLongWaits(options: { readonly heldMax: number }): LongWaits {
  const closing = new AbortController();
  const held = new Set<AbortController>();
  return {
    close() {
      closing.abort();
      for (const controller of held) controller.abort();
    },
    async hold(response, work) {
      if (closing.signal.aborted) throw new LockstepError("SHUTTING_DOWN", "The server is shutting down.");
      if (held.size >= options.heldMax)
        throw new LockstepError("OVERLOADED", "Too many requests are waiting at once.", {
          retryAfterSeconds: 5,
        });
      const controller = new AbortController();
      const gone = () => controller.abort();
      held.add(controller);
      response.once("close", gone);
      try {
        return await work(controller.signal);
      } finally {
        response.off("close", gone);
        held.delete(controller);
      }
    },
  };
}
