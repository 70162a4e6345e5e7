import type { Verdict } from "../compare/compare-job.js";
import { PATTERN_TEXTS, PATTERNS, type Pattern } from "../compare/patterns.js";
import { type SafetyStop, tooMany, type WordTally } from "../compare/tally.js";
import type { DriftFinding } from "./finding.js";

const EXAMPLES_MAX = 5;
const UNMAPPED_WORDS_MAX = 50;
const UNREADABLE_MAX = 20;

/** The result of a check, in numbers and a few examples. */
export interface CheckSummary {
  readonly started_at: string;
  readonly seconds: number;
  readonly record: string;
  readonly views: readonly {
    readonly view: string;
    readonly type: string;
    readonly count_estimate: number | null;
  }[];
  readonly notes: readonly string[];
  /** Jobs whose views could be compared. */
  readonly compared: number;
  readonly agreeing: number;
  readonly drifting: number;
  /** Jobs that changed during the check. */
  readonly settling: number;
  readonly patterns: readonly PatternSummary[];
  /** Status words that the configuration does not map, and how many jobs have them. */
  readonly unmapped: readonly { readonly view: string; readonly word: string; readonly jobs: number }[];
  readonly unmapped_jobs: number;
  /** Values that could not be parsed and were skipped. */
  readonly unreadable: readonly { readonly view: string; readonly id: string; readonly why: string }[];
  readonly unreadable_jobs: number;
  /** Jobs that a view could not be asked about. */
  readonly unknown_jobs: number;
  /** Safety stops: reasons to doubt the mapping. While there is one, no repair is planned. */
  readonly brakes: readonly SafetyStop[];
  /** Why the check could not read everything; null: it read everything. */
  readonly interrupted: string | null;
  readonly verdict: "clean" | "drift" | "unknown";
}

export interface PatternSummary {
  readonly pattern: Pattern;
  readonly jobs: number;
  readonly live: number;
  readonly oldest: { readonly id: string; readonly since: string } | null;
  readonly examples: readonly string[];
  /** The likely causes, most frequent first, each with the evidence for one job. */
  readonly causes: readonly CauseCount[];
  readonly what: string;
  readonly users_see: string;
  readonly cost: string;
  readonly next: string;
}

interface CauseCount {
  readonly code: string;
  readonly sentence: string;
  readonly jobs: number;
  readonly example: { readonly id: string; readonly evidence: string };
}

interface PatternCount {
  jobs: number;
  live: number;
  oldest: { readonly id: string; readonly since: string } | null;
  readonly examples: string[];
  readonly causes: Map<string, { -readonly [Name in keyof CauseCount]: CauseCount[Name] }>;
}

/** Counts the findings of a running check and keeps only a few examples. */
export class CheckCounts {
  compared = 0;
  drifting = 0;
  unmappedJobs = 0;
  unreadableJobs = 0;
  unknownJobs = 0;
  readonly #patterns = new Map<Pattern, PatternCount>();
  readonly #unmapped = new Map<string, { view: string; word: string; jobs: number }>();
  readonly #unreadable: { view: string; id: string; why: string }[] = [];

  addUnclear(id: string, verdict: Verdict): void {
    if (verdict.type === "unmapped") {
      this.unmappedJobs += 1;
      for (const { view, word } of verdict.words) this.#addWord(view, word);
    } else if (verdict.type === "unknown") {
      if (verdict.answer.of === "store") this.unknownJobs += 1;
      else {
        this.unreadableJobs += 1;
        if (this.#unreadable.length < UNREADABLE_MAX)
          this.#unreadable.push({ view: verdict.view, id, why: verdict.answer.why });
      }
    }
  }

  addFinding({ id, pattern, is_live, since, cause }: DriftFinding): void {
    this.drifting += 1;
    const count = this.#patterns.get(pattern) ?? emptyCount();
    this.#patterns.set(pattern, count);
    count.jobs += 1;
    if (is_live) count.live += 1;
    if (count.examples.length < EXAMPLES_MAX) count.examples.push(id);
    if (since !== null && (count.oldest === null || Date.parse(since) < Date.parse(count.oldest.since)))
      count.oldest = { id, since };
    const seen = count.causes.get(cause.code);
    if (seen) seen.jobs += 1;
    else
      count.causes.set(cause.code, {
        code: cause.code,
        sentence: cause.sentence,
        jobs: 1,
        example: { id, evidence: cause.evidence },
      });
  }

  brakes(words: WordTally): readonly SafetyStop[] {
    return [...tooMany(this.drifting, this.compared), ...words.swapped()];
  }

  summary() {
    return {
      compared: this.compared,
      drifting: this.drifting,
      patterns: PATTERNS.flatMap((pattern) => patternSummary(pattern, this.#patterns.get(pattern))),
      unmapped: [...this.#unmapped.values()].sort((a, b) => b.jobs - a.jobs),
      unmapped_jobs: this.unmappedJobs,
      unreadable: this.#unreadable,
      unreadable_jobs: this.unreadableJobs,
      unknown_jobs: this.unknownJobs,
    };
  }

  #addWord(view: string, word: string): void {
    const key = `${view}\n${word}`;
    const seen = this.#unmapped.get(key);
    if (seen) seen.jobs += 1;
    else if (this.#unmapped.size < UNMAPPED_WORDS_MAX)
      this.#unmapped.set(key, { view, word: word.slice(0, 200), jobs: 1 });
  }
}

function emptyCount(): PatternCount {
  return { jobs: 0, live: 0, oldest: null, examples: [], causes: new Map() };
}

function patternSummary(pattern: Pattern, count: PatternCount | undefined): PatternSummary[] {
  if (!count) return [];
  const { what, usersSee, cost, next } = PATTERN_TEXTS[pattern];
  const causes = [...count.causes.values()].sort((a, b) => b.jobs - a.jobs);
  const { jobs, live, oldest, examples } = count;
  return [{ pattern, jobs, live, oldest, examples, causes, what, users_see: usersSee, cost, next }];
}
