/** The ways in which views disagree for good; the first that fits a job is its name. */
export const PATTERNS = [
  "contradiction",
  "stuck-running",
  "skipped-states",
  "lost-enqueue",
  "lost-runner",
  "already-done",
  "stalled",
  "result-mismatch",
  "orphan",
  "stale-surface",
] as const;

export type Pattern = (typeof PATTERNS)[number];

export interface PatternText {
  /** What the views say, in a line. */
  readonly what: string;
  /** What people who use the system see of it. */
  readonly usersSee: string;
  readonly cost: string;
  readonly next: string;
}

const PLAN = "`lockstep doctor plan` shows the repair of each job; nothing is written before you apply it.";
const LOOK = "`lockstep doctor explain ID` shows both sides. The doctor does not choose for you";

export const PATTERN_TEXTS: Readonly<Record<Pattern, PatternText>> = {
  contradiction: {
    what: "the views name different outcomes",
    usersSee: "success in one place and failure in another",
    cost: "whoever trusts the wrong side acts on it",
    next: `${LOOK}: give a policy such as --prefer record for this pattern, after looking at a few.`,
  },
  "stuck-running": {
    what: "the job has ended, the record still says that it is running",
    usersSee: "a job that runs for ever, and never its result",
    cost: "people wait, retry by hand and pay for the work twice; limits on running jobs stay used up",
    next: PLAN,
  },
  "skipped-states": {
    what: "the job has ended, the record still says that it waits",
    usersSee: "a job that never seems to start",
    cost: "people submit it again, and it may be run again",
    next: PLAN,
  },
  "lost-enqueue": {
    what: "the record waits for a job that no queue holds",
    usersSee: "a job that waits for ever",
    cost: "work that was accepted is never done",
    next: "Submit these again, or let your own recovery do it: the doctor can put back only what its own queues hold.",
  },
  "lost-runner": {
    what: "the record says running, the queue knows nothing of it, and no heartbeat says that it lives",
    usersSee: "a job that runs for ever",
    cost: "work that was accepted is never finished",
    next: "Find out whether the work was done, then fail it or submit it again. The doctor cannot know.",
  },
  "already-done": {
    what: "the record has the outcome, the queue still holds the job",
    usersSee: "a queue that never gets empty, or a job that shows as waiting although its result is there",
    cost: "the work may be done a second time",
    next: PLAN,
  },
  stalled: {
    what: "both say running, and the lock of whoever runs it is gone",
    usersSee: "a job that runs for ever",
    cost: "work that was accepted is not finished until the queue recovers it",
    next: "Let the queue's own recovery take it first; look again in a few minutes.",
  },
  "result-mismatch": {
    what: "both name the same outcome, with different results",
    usersSee: "another result depending on where they look",
    cost: "decisions made on the wrong one",
    next: `${LOOK}, but a copy of Lockstep's own is written anew from the ledger.`,
  },
  orphan: {
    what: "a view holds a job that the record does not know",
    usersSee: "a job that cannot be found by its id",
    cost: "work without an owner; often the row was deleted, or never committed",
    next: "Look at a few. The doctor never deletes them.",
  },
  "stale-surface": {
    what: "a place that only shows statuses shows another one than the record",
    usersSee: "a page or an endpoint that goes on saying what was true once",
    cost: "people and programs wait for something that has happened",
    next: "Mend the endpoint or the copy that is named: it answers from something nobody updates.",
  },
};
