import type { Job as BullJob } from "bullmq";
import {
  type AnyJobDefinition,
  type JobContext,
  type Json,
  type RetryOptions,
  type RetryPolicy,
  retryPolicy,
} from "lockstep/internal/job";
import { z } from "zod";

const MIRROR_MS = 1_000;

/**
 * A handler of every kind in a queue.
 * @param entry BullMQ's own job, for data that only BullMQ has
 */
export type BridgeHandler = (input: Json, ctx: JobContext, entry: BullJob) => unknown;

export interface HandlerOptions {
  /**
   * For a handler that is a plain function: how soon a failed job is retried. The entry's own
   * `backoff` has precedence.
   */
  readonly retry?: Omit<RetryOptions, "maxAttempts">;
}

export interface Handlers {
  readonly kinds: readonly string[];
  /** @returns null when this process has no handler for the entry's kind */
  definitionOf(entry: BullJob): AnyJobDefinition | null;
}

/** @throws RangeError when two definitions have the same kind */
export function createHandlers(
  handler: BridgeHandler | AnyJobDefinition | readonly AnyJobDefinition[],
  options: HandlerOptions,
): Handlers {
  if (typeof handler === "function") {
    const retry = retryPolicy(options.retry);
    return { kinds: [], definitionOf: (entry) => ofFunction(handler, retry, entry) };
  }
  const list = Array.isArray(handler)
    ? (handler as readonly AnyJobDefinition[])
    : [handler as AnyJobDefinition];
  const definitions = new Map(list.map((definition) => [definition.kind, definition]));
  if (definitions.size !== list.length) throw new RangeError("two definitions have the same kind");
  return {
    kinds: [...definitions.keys()],
    definitionOf(entry) {
      const definition = definitions.get(entry.name);
      if (!definition) return null;
      return {
        ...definition,
        run: (input: unknown, ctx: JobContext) => definition.run(input, mirrored(ctx, entry)),
      };
    },
  };
}

function ofFunction(handler: BridgeHandler, retry: RetryPolicy, entry: BullJob): AnyJobDefinition {
  return {
    kind: entry.name,
    input: z.unknown(),
    description: null,
    queue: entry.queueName,
    retry,
    timeoutMs: null,
    priority: 0,
    limitKey: null,
    run: (input: Json, ctx: JobContext) => handler(input, mirrored(ctx, entry), entry),
  };
}

/** Shows progress and log lines in BullMQ too. They are copies, so a failed write is ignored. */
function mirrored(ctx: JobContext, entry: BullJob): JobContext {
  const forget = (write: Promise<unknown>): void => void write.catch(() => undefined);
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    get job() {
      return ctx.job;
    },
    get signal() {
      return ctx.signal;
    },
    get artifacts() {
      return ctx.artifacts;
    },
    commit: (write) => ctx.commit(write),
    progress(fraction, message) {
      ctx.progress(fraction, message);
      const now = performance.now();
      if (now - shownAt < MIRROR_MS && fraction < 1) return;
      shownAt = now;
      forget(entry.updateProgress(Math.round(fraction * 100)));
    },
    log(message, level) {
      ctx.log(message, level);
      forget(entry.log(String(message)));
    },
  };
}
