import { readdirSync, readFileSync } from "node:fs";

/**
 * The ids of this machine's processes whose command line contains a text. Zombies do not count:
 * they do nothing.
 */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(text) && pid !== process.pid);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // The process ended meanwhile.
  }
}
