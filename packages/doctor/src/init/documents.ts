import { countWords, guessRoles, lookLikeStatuses, statusNames, type WordCount } from "./guess.js";

export interface Documents {
  readonly words: readonly WordCount[];
  /** Paths of the status and of the members that belong to it. */
  readonly fields: Readonly<Record<string, string>>;
}

/** @returns null when these are not JSON objects with the status of a job */
export function readDocuments(values: readonly string[]): Documents | null {
  const documents = values.map(parseObject).filter((document) => document !== null);
  if (documents.length * 2 < values.length || documents.length === 0) return null;
  const names = [...new Set(documents.flatMap((document) => Object.keys(document)))];
  for (const status of statusNames(names)) {
    const words = countWords(
      documents.flatMap((document) =>
        typeof document[status] === "string" ? [[document[status], 1] as const] : [],
      ),
    );
    if (lookLikeStatuses(words)) return { words, fields: { status, ...guessRoles(names) } };
  }
  return null;
}

/**
 * Returns whether these are JSON objects without a member named like a status or an error: bare
 * results of jobs.
 */
export function areBareResults(values: readonly string[]): boolean {
  const documents = values.map(parseObject).filter((document) => document !== null);
  const names = [...new Set(documents.flatMap((document) => Object.keys(document)))];
  if (documents.length === 0 || documents.length < values.length) return false;
  return statusNames(names).length === 0 && guessRoles(names).error === undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
