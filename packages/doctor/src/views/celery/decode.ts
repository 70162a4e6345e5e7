import type { Status } from "lockstep/internal/job";
import { z } from "zod";
import { memberText } from "../json-text.js";
import { readTime } from "../times.js";

/**
 * Celery's words and their meanings, and two words of ours: for tasks that are only in a list
 * (`queued`) or were taken from it (`reserved`).
 */
export const CELERY_WORDS: Readonly<Record<string, Status>> = {
  PENDING: "pending",
  RECEIVED: "pending",
  RETRY: "pending",
  STARTED: "running",
  SUCCESS: "completed",
  FAILURE: "failed",
  REVOKED: "cancelled",
  queued: "pending",
  reserved: "pending",
};

/** `date_done` has no zone. Celery writes UTC unless `enable_utc` was turned off. */
const CELERY_ZONE = "UTC";

/** The word for a task that has only a message in a queue. */
export const QUEUED = "queued";
/** The word for a task that has only a message that a worker took and has not acknowledged. */
export const RESERVED = "reserved";

const Meta = z.looseObject({
  status: z.string().min(1),
  result: z.unknown(),
  traceback: z.string().nullish(),
  date_done: z.string().nullish(),
  task_id: z.string().nullish(),
  retries: z.number().nullish(),
});

/** One task in the result backend. */
export interface CeleryResult {
  readonly word: string;
  readonly finishedAt: string | null;
  /** The result of a task that succeeded. undefined: none. */
  readonly result: unknown;
  /** The result as JSON text, as Celery wrote it. */
  readonly resultJson: string | undefined;
  /** The error of a task that failed, as JSON: `{type, message, traceback}`. undefined: none. */
  readonly errorJson: string | undefined;
  readonly attempt: number | null;
}

export type Understood<V> = { readonly value: V } | { readonly why: string };

/**
 * Parses the value of `celery-task-meta-<id>`. A value that is not JSON (a pickle, YAML) is
 * reported, not guessed.
 */
export function decodeResult(text: string): Understood<CeleryResult> {
  const parsed = parseJson(text);
  if (parsed === undefined) return { why: "is not JSON: set result_serializer to json" };
  const meta = Meta.safeParse(parsed);
  if (!meta.success) return { why: "is JSON, but has no status" };
  const { status, result, traceback, date_done, retries } = meta.data;
  const failed = status === "FAILURE" || status === "RETRY" || status === "REVOKED";
  const hasResult = !failed && result !== null && result !== undefined;
  return {
    value: {
      word: status,
      finishedAt: readTime(date_done, CELERY_ZONE),
      result: hasResult ? result : undefined,
      resultJson: hasResult ? memberText(text, ["result"]) : undefined,
      errorJson: failed ? JSON.stringify(errorOf(result, traceback ?? null)) : undefined,
      attempt: typeof retries === "number" ? retries + 1 : null,
    },
  };
}

const Exception = z.looseObject({ exc_type: z.string(), exc_message: z.unknown() });

function errorOf(result: unknown, traceback: string | null): unknown {
  const exception = Exception.safeParse(result);
  const base = exception.success
    ? { type: exception.data.exc_type, message: messageOf(exception.data.exc_message) }
    : { type: "unknown", message: typeof result === "string" ? result : JSON.stringify(result ?? null) };
  return traceback === null ? base : { ...base, traceback };
}

/** Celery stores the arguments of the exception as a list; the first one is usually the message. */
function messageOf(message: unknown): string {
  if (!Array.isArray(message)) return String(message ?? "");
  return message.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(", ");
}

const Message = z.looseObject({
  headers: z.looseObject({ id: z.string().optional() }).optional(),
  properties: z.looseObject({ correlation_id: z.string().nullish() }).optional(),
  body: z.string().optional(),
});

/**
 * The task's id in a message of kombu (protocol 2; of protocol 1, its correlation id). null: not
 * such a message.
 */
export function taskIdOf(text: string): string | null {
  const message = Message.safeParse(parseJson(text));
  if (!message.success) return null;
  return message.data.headers?.id ?? message.data.properties?.correlation_id ?? null;
}

/** The task's id in a value of the hash `unacked`: `[message, exchange, routing key]`. */
export function unackedTaskIdOf(text: string): string | null {
  const entry = parseJson(text);
  return Array.isArray(entry) ? taskIdOf(JSON.stringify(entry[0] ?? null)) : null;
}

/** Separates a queue's name from its priority in the name of its list. */
const PRIORITY_SEPARATOR = "\u0006\u0016";
const PRIORITY_STEPS = [3, 6, 9];

/**
 * The lists that kombu keeps for one queue: one for each priority step, the first without a suffix.
 */
export function listsOfQueue(queue: string): string[] {
  return [queue, ...PRIORITY_STEPS.map((step) => `${queue}${PRIORITY_SEPARATOR}${step}`)];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
