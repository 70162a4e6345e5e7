import { stringify } from "yaml";
import { likelyWords, statusesOf } from "./guess.js";
import type { Surveyed } from "./survey.js";

/** A proposal: views that show the same jobs, one of them the record. */
export interface Proposal {
  readonly record: Surveyed;
  readonly others: readonly Surveyed[];
}

const VIEWS_MAX = 4;

/**
 * Proposes as the record the table with most of the jobs found elsewhere, and as other views the
 * places that share jobs with it. Pure.
 * @returns null when no two views share a job
 */
export function propose(found: readonly Surveyed[]): Proposal | null {
  const shared = (a: Surveyed, b: Surveyed) => (a.knows.get(b.label) ?? 0) + (b.knows.get(a.label) ?? 0);
  let best: Proposal | null = null;
  let bestScore = 0;
  for (const record of found) {
    if (record.store === "http") continue;
    const others = found
      .filter((other) => other !== record && other.store !== "sql" && shared(record, other) > 0)
      .sort((a, b) => shared(record, b) - shared(record, a))
      .slice(0, VIEWS_MAX - 1);
    const tableFirst = record.store === "sql" ? 1_000_000 : 0;
    const score = others.reduce((sum, other) => sum + shared(record, other), 0);
    if (others.length > 0 && score + tableFirst > bestScore) {
      best = { record, others };
      bestScore = score + tableFirst;
    }
  }
  return best;
}

/** Environment variables for addresses with a password, so that the file holds no password. */
const VARIABLES = { redis: "REDIS_URL", sql: "DATABASE_URL", http: "STATUS_URL" } as const;

export interface ConfigText {
  readonly text: string;
  /** Environment variables that must be set for the file to work. */
  readonly variables: readonly string[];
}

/** The configuration file: a comment with the counts, and the views. */
export function configText({ record, others }: Proposal): ConfigText {
  const names = new Map<string, Surveyed>();
  for (const view of [...others, record]) names.set(freeName(view.name, names), view);
  const recordName = [...names].find(([, view]) => view === record)?.[0] ?? "";
  const variables = new Set<string>();
  const all = [...names.values()];
  const views = Object.fromEntries([...names].map(([name, view]) => [name, entryOf(view, all, variables)]));
  const comment = [
    "Written by `lockstep doctor init`. The meaning of each status word is a guess: read and correct it first.",
    "",
    ...[...names].flatMap(([name, view]) => describe(name, view, all)),
    "",
    "Next: lockstep doctor check",
  ];
  const lines = comment.map((line) => (line === "" ? "#" : `# ${line}`));
  const text = `${lines.join("\n")}\n${stringify({ version: 1, record: recordName, views }, { lineWidth: 0 })}`;
  return { text, variables: [...variables] };
}

function entryOf(view: Surveyed, all: readonly Surveyed[], variables: Set<string>): Record<string, unknown> {
  const { config, words, url, store } = view;
  const { type, ...rest } = config;
  const statuses = words.length === 0 ? {} : { statuses: statusesWith(view, all) };
  return { type, url: addressFor(url, VARIABLES[store], variables), ...rest, ...statuses };
}

/**
 * The view's own words, the words of views that share one with it, and guesses for the words of the
 * others: no job has them now, but one may later.
 */
function statusesWith(view: Surveyed, all: readonly Surveyed[]): ReturnType<typeof statusesOf> {
  return { ...sharedWords(view, all), ...guessedWords(view, all) };
}

function guessedWords(view: Surveyed, all: readonly Surveyed[]): ReturnType<typeof statusesOf> {
  const shared = sharedWords(view, all);
  const known = new Set(Object.values(shared));
  const others = all.filter((other) => other !== view).map(({ words }) => words);
  const likely = Object.entries(likelyWords(view.words, others));
  return Object.fromEntries(likely.filter(([word, status]) => !(word in shared) && !known.has(status)));
}

function sharedWords({ words }: Surveyed, all: readonly Surveyed[]): ReturnType<typeof statusesOf> {
  const met = new Set(words.map(({ word }) => word));
  const related = all.filter((other) => other.words.some(({ word }) => met.has(word)));
  // A repair writes the first word of a status, so the view's own words come first.
  const statuses = statusesOf(words);
  for (const other of related)
    for (const [word, status] of Object.entries(statusesOf(other.words))) statuses[word] ??= status;
  return statuses;
}

function addressFor(url: string, variable: string, variables: Set<string>): string {
  const hasPassword = URL.canParse(url) && new URL(url).password !== "";
  if (!hasPassword) return url;
  variables.add(variable);
  return `\${${variable}}`;
}

function describe(name: string, view: Surveyed, all: readonly Surveyed[]): string[] {
  const { label, count, words, knows } = view;
  const jobs = count === null ? "" : `, about ${count} jobs`;
  const met = words.map(
    ({ word, count: times, status }) => `${line(word)} ${times}${status === null ? " (NOT MAPPED)" : ""}`,
  );
  const guessed = Object.keys(guessedWords(view, all)).map(line);
  const shared = [...knows].map(([other, times]) => `has ${times} of the ids sampled from ${line(other)}`);
  return [
    `${name}: ${line(label)}${jobs}`,
    ...(met.length === 0 ? [] : [`  words: ${met.join(", ")}`]),
    ...(guessed.length === 0 ? [] : [`  not found, guessed: ${guessed.join(", ")}`]),
    ...shared.map((text) => `  ${text}`),
  ];
}

/**
 * Keys and words are foreign data: none may end the comment it is in, or move a terminal's cursor.
 */
function line(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`;
  return name;
}
