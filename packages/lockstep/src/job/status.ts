/** The five statuses of a job. Nothing else is called status. */
export const STATUSES = ["pending", "running", "completed", "failed", "cancelled"] as const;

export type Status = (typeof STATUSES)[number];

export const TERMINAL_STATUSES = ["completed", "failed", "cancelled"] as const satisfies readonly Status[];

/** The statuses of a job that has not ended. */
export const LIVE_STATUSES = ["pending", "running"] as const satisfies readonly Status[];

export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export function isStatus(word: string): word is Status {
  return (STATUSES as readonly string[]).includes(word);
}

/** Whether only an operator's requeue can change this status. */
export function isTerminal(status: Status): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly Status[]).includes(status);
}
