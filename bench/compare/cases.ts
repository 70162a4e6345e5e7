/** A contender with a number of jobs in flight. */
export interface Case {
  readonly contender: string;
  /** Jobs in flight: handlers at once, or jobs that are locked or fetched together. */
  readonly slots: number;
  /** Default: what `--jobs` says. `long` is what `--long` says, `history` what `--history` says. */
  readonly jobs?: "long" | "history";
  /** A fraction of the jobs, for the slow ones: it gives the same figures, and a run must end. */
  readonly share?: number;
  /** Only processing is measured. Default: also single submits and the latencies. */
  readonly onlyProcessing?: boolean;
  /** Another session holds a transaction open that has read and written. */
  readonly oldTransaction?: boolean;
  /** The ledger has as many finished jobs before as `--finished` says. */
  readonly finished?: boolean;
  /** In the first round only. */
  readonly once?: boolean;
}

const lockstep = (slots: number): Case => ({ contender: "lockstep", slots, onlyProcessing: true });

/** Each rival has the settings that its makers recommend, and Lockstep as many jobs in flight. */
export const CASES: Readonly<Record<string, Case>> = {
  "lockstep@100": { contender: "lockstep", slots: 100 },
  "bullmq@100": { contender: "bullmq", slots: 100 },
  "lockstep@400": lockstep(400),
  "bullmq@400": { contender: "bullmq", slots: 400, onlyProcessing: true },
  "lockstep@500": lockstep(500),
  "graphile-worker@500": { contender: "graphile-worker", slots: 500 },
  "lockstep@2000": lockstep(2_000),
  "pg-boss@2000": { contender: "pg-boss", slots: 2_000 },
  "bullmq-table@100": { contender: "bullmq-table", slots: 100, share: 0.2 },
  "bullmq-postgres@100": { contender: "bullmq-postgres", slots: 100, share: 0.1 },
  "lockstep-redis@100": { contender: "lockstep-redis", slots: 100 },
  "lockstep-embedded@100": { contender: "lockstep-embedded", slots: 100, share: 0.4 },
  "lockstep@100 long": { ...lockstep(100), jobs: "long" },
  "lockstep@100 old transaction": { ...lockstep(100), jobs: "long", oldTransaction: true },
  "lockstep@100 finished": { ...lockstep(100), finished: true, once: true },
  "lockstep@100 history": { ...lockstep(100), jobs: "history", once: true },
};

/** @param wanted names of cases or of contenders, separated by commas, or `all` */
export function chosenCases(wanted: string): [string, Case][] {
  const all = Object.entries(CASES);
  if (wanted === "all") return all;
  const names = wanted.split(",");
  const unknown = names.find((name) => !all.some(([key, { contender }]) => [key, contender].includes(name)));
  if (unknown !== undefined)
    throw new Error(`there is no case or contender ${unknown}, but: ${Object.keys(CASES).join("; ")}`);
  return all.filter(([key, { contender }]) => names.includes(key) || names.includes(contender));
}
