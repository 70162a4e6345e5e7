import { readFileSync, readlinkSync } from "node:fs";

/** Identifies this process, with values that no later process repeats. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * When it started, in clock ticks since boot; null where the system does not report it (not
   * Linux).
   */
  readonly started: string | null;
  /** The namespace of its pid; null where there is only one. */
  readonly namespace: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: readProcStat(process.pid)?.started ?? null, namespace: pidNamespace() };
}

/** Whether a process is still running. A process that ended and waits to be reaped is not. */
export function isRunning(identity: ProcessIdentity): boolean {
  const stat = identity.started === null ? null : readProcStat(identity.pid);
  if (stat === null) return answersSignals(identity.pid);
  return stat.started === identity.started && stat.state !== "Z" && stat.state !== "X";
}

/**
 * Whether this process can check if the other one runs: a pid means nothing outside its namespace.
 */
export function canJudge(identity: ProcessIdentity): boolean {
  return identity.namespace === pidNamespace();
}

// proc(5): the second field is the program's name in parentheses and may itself contain spaces and
// parentheses, so counting starts after the last parenthesis. State is field 3, the start time
// field 22.
function readProcStat(pid: number): { readonly state: string; readonly started: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state, started] = [fields[0], fields[19]];
    return state === undefined || started === undefined ? null : { state, started };
  } catch {
    return null; // No such process, no /proc, or one mounted so that it hides the processes of other users.
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function pidNamespace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}
