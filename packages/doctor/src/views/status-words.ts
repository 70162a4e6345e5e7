import { STATUSES, type Status } from "lockstep/internal/job";
import { z } from "zod";

/**
 * `{ COMPLETED: completed, DONE: completed, IN_PROGRESS: running }`: the store's words and their
 * meanings.
 */
export const StatusWords = z
  .record(z.string().min(1), z.enum(STATUSES))
  .refine((words) => Object.keys(words).length > 0, { error: "must map at least one status word" });

/** Reads and writes the status words of one store. Words are case-sensitive. */
export interface Vocabulary {
  /** null: the word is not mapped. */
  statusOf(word: string): Status | null;
  /** The first word that is mapped to the status; null: none. */
  wordFor(status: Status): string | null;
}

export function createVocabulary(words: Readonly<Record<string, Status>>): Vocabulary {
  const statuses = new Map(Object.entries(words));
  const first = new Map<Status, string>();
  for (const [word, status] of statuses) if (!first.has(status)) first.set(status, word);
  return {
    statusOf: (word) => statuses.get(word) ?? null,
    wordFor: (status) => first.get(status) ?? null,
  };
}
