import type { Status } from "lockstep/internal/job";

const MEANINGS: Readonly<Record<Status, readonly string[]>> = {
  pending: [
    ...[
      "pending",
      "queued",
      "waiting",
      "new",
      "created",
      "scheduled",
      "submitted",
      "received",
      "enqueued",
      "delayed",
    ],
    ...["deferred", "retry", "retrying", "todo", "initial", "accepted"],
  ],
  running: ["running", "inprogress", "processing", "active", "started", "working", "executing", "busy"],
  completed: [
    ...["completed", "complete", "done", "finished", "success", "succeeded", "successful", "ok", "processed"],
  ],
  failed: ["failed", "failure", "fail", "error", "errored", "dead", "timeout", "timedout", "lost", "crashed"],
  cancelled: ["cancelled", "canceled", "revoked", "aborted", "stopped", "killed", "cancel"],
};

/** Guesses the meaning of a status word from its letters alone. null: no guess. */
export function guessStatus(word: string): Status | null {
  const letters = plain(word);
  for (const [status, words] of Object.entries(MEANINGS) as [Status, readonly string[]][])
    if (words.includes(letters)) return status;
  return null;
}

/** How often a status word was found. */
export interface WordCount {
  readonly word: string;
  readonly count: number;
  readonly status: Status | null;
}

/** Counts words, the most frequent first: a repair writes that one where several mean the same. */
export function countWords(words: Iterable<readonly [word: string, count: number]>): WordCount[] {
  const counts = new Map<string, number>();
  for (const [word, count] of words) counts.set(word, (counts.get(word) ?? 0) + count);
  return [...counts]
    .map(([word, count]) => ({ word, count, status: guessStatus(word) }))
    .sort((a, b) => b.count - a.count);
}

/**
 * Returns whether these are status words of jobs: at least half of the occurrences can be mapped.
 */
export function lookLikeStatuses(words: readonly WordCount[]): boolean {
  const met = words.reduce((sum, { count }) => sum + count, 0);
  const mapped = words.reduce((sum, { count, status }) => sum + (status === null ? 0 : count), 0);
  return mapped > 0 ? mapped * 2 >= met : words.some(({ status }) => status !== null);
}

/** The mapping for a configuration. Words without a guess are left out and shown to the user. */
export function statusesOf(words: readonly WordCount[]): Record<string, Status> {
  return Object.fromEntries(words.flatMap(({ word, status }) => (status === null ? [] : [[word, status]])));
}

/** The spellings of a place's words: upper case, lower case, or capitalized. */
const SPELLINGS: readonly ((word: string) => string)[] = [
  (word) => word.toUpperCase(),
  (word) => word.toLowerCase(),
  (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
];

/**
 * Guesses words for the statuses that other places have and this one lacks, in this place's own
 * spelling. Needed when every job is stuck: then no row holds the word that a repair has to write.
 * Returns none for an enum, whose words are all known, or where spellings are mixed.
 */
export function likelyWords(
  own: readonly WordCount[],
  others: readonly (readonly WordCount[])[],
): Record<string, Status> {
  const spelling = SPELLINGS.find((spell) => own.every(({ word }) => spell(word) === word));
  if (own.length === 0 || spelling === undefined || own.some(({ count }) => count === 0)) return {};
  const known = new Set<Status>(Object.values(statusesOf(own)));
  const likely: Record<string, Status> = {};
  for (const [word, status] of others.flatMap((words) => Object.entries(statusesOf(words)))) {
    if (known.has(status)) continue;
    known.add(status);
    likely[spelling(word)] = status;
  }
  return likely;
}

const ROLES: Readonly<Record<string, readonly string[]>> = {
  result: ["result", "results", "output", "returnvalue", "resultjson", "resultdata"],
  error: [
    "error",
    "errormessage",
    "errors",
    "exception",
    "failure",
    "failedreason",
    "traceback",
    "errortext",
  ],
  attempt: ["attempt", "attempts", "attemptcount", "retries", "retrycount", "tries"],
  created_at: ["createdat", "created", "datecreated", "submittedat", "enqueuedat", "createdon", "createtime"],
  started_at: ["startedat", "datestarted", "started", "startedon", "starttime"],
  finished_at: [
    "finishedat",
    "completedat",
    "endedat",
    "datedone",
    "finished",
    "completed",
    "finishedon",
    "endtime",
  ],
  updated_at: ["updatedat", "modifiedat", "updated", "lastupdated", "updatedon", "modified", "updatetime"],
  heartbeat_at: ["heartbeatat", "lastheartbeat", "heartbeat", "lastseenat"],
};

/**
 * Assigns columns or members to roles by their names. Each name is used once, in the order of the
 * roles.
 */
export function guessRoles(names: readonly string[]): Record<string, string> {
  const roles: Record<string, string> = {};
  for (const [role, known] of Object.entries(ROLES)) {
    const found = known.map((name) => names.find((candidate) => plain(candidate) === name)).find(Boolean);
    if (found !== undefined) roles[role] = found;
  }
  return roles;
}

/** Names of columns or members that may hold a status, the likeliest first. */
export function statusNames(names: readonly string[]): string[] {
  const likeness = (name: string) => {
    const letters = plain(name);
    if (letters === "status") return 3;
    if (letters === "state") return 2;
    return /(_(status|state)|[a-z0-9](Status|State))$/.test(name) ? 1 : 0;
  };
  return names.filter((name) => likeness(name) > 0).sort((a, b) => likeness(b) - likeness(a));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}
