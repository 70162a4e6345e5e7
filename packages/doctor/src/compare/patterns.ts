/** The ways in which views can be in drift. A job gets the first pattern that fits. */
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
  /** What the views show, in one line. */
  readonly what: string;
  /** What users of the system see. */
  readonly usersSee: string;
  readonly cost: string;
  readonly next: string;
}

const PLAN =
  "Run `lockstep doctor plan` to see the repair of each job. Nothing is written before you apply it.";
const LOOK =
  "The doctor does not choose for you. Run `lockstep doctor explain ID` for a few jobs to see both sides";

export const PATTERN_TEXTS: Readonly<Record<Pattern, PatternText>> = {
  contradiction: {
    what: "the views show different outcomes",
    usersSee: "success in one place and failure in another",
    cost: "people and programs act on the wrong outcome",
    next: `${LOOK}, then plan with the side to trust, such as --prefer contradiction=record.`,
  },
  "stuck-running": {
    what: "the job has ended, but the record still says that it is running",
    usersSee: "a job that never ends, and never its result",
    cost: "people wait, retry by hand and pay for the work twice; limits on running jobs stay used up",
    next: PLAN,
  },
  "skipped-states": {
    what: "the job has ended, but the record still says that it is pending",
    usersSee: "a job that never seems to start",
    cost: "people submit the job again, so it may run twice",
    next: PLAN,
  },
  "lost-enqueue": {
    what: "the record says pending, but no queue holds the job",
    usersSee: "a job that never starts",
    cost: "accepted work is never done",
    next: "Run `lockstep doctor plan` to see which jobs the doctor can add again. Submit the others again yourself.",
  },
  "lost-runner": {
    what: "the record says running, but the queue does not have the job and no heartbeat is live",
    usersSee: "a job that never ends",
    cost: "accepted work is never finished",
    next: "The doctor cannot know whether the work was done. Find out, then fail the job or submit it again.",
  },
  "already-done": {
    what: "the record has the outcome, but the queue still holds the job",
    usersSee: "a queue that never gets empty, or a job that is shown as waiting although its result exists",
    cost: "the work may be done twice",
    next: PLAN,
  },
  stalled: {
    what: "both say running, but the worker's lock is gone",
    usersSee: "a job that never ends",
    cost: "accepted work is not finished until the queue recovers the job",
    next: "Wait a few minutes for the queue's own recovery, then check again.",
  },
  "result-mismatch": {
    what: "both show the same outcome with different results",
    usersSee: "different results in different places",
    cost: "people and programs act on the wrong result",
    next: `${LOOK}, then plan with the side to trust, such as --prefer result-mismatch=queue. Lockstep's own copies need no choice: they are rewritten from the ledger.`,
  },
  orphan: {
    what: "a view holds a job that the record does not have",
    usersSee: "a job that cannot be found by its id",
    cost: "work without an owner; often its row was deleted or never committed",
    next: "The doctor never deletes these jobs. Run `lockstep doctor explain ID` for a few of them, then delete or submit them yourself.",
  },
  "stale-surface": {
    what: "a place that only shows statuses does not show the status of the record",
    usersSee: "a page or an endpoint that shows an old status",
    cost: "people and programs wait for something that has already happened",
    next: "Fix the endpoint or the copy that is named: it answers from data that nobody updates.",
  },
};
