import { type Logger, pino } from "pino";
import { clockText } from "./duration-text.js";
import { safeLine } from "./safe-text.js";
import type { Terminal } from "./terminal.js";

const COLOURS = { 10: "gray", 20: "gray", 30: "cyan", 40: "yellow", 50: "red", 60: "red" } as const;
const HIDDEN = new Set(["level", "time", "pid", "hostname", "msg", "err", "v"]);
const WARN = 40;

/** Logs on stderr: readable text on a terminal, JSON lines (pino) elsewhere. */
export function createLogger(level: string, terminal: Terminal): Logger {
  if (terminal.noteWidth === null) return pino({ level }, pino.destination({ dest: 2, sync: true }));
  return pino({ level }, { write: (line: string) => terminal.note(logText(line, terminal)) });
}

/** One log entry as readable text: time, level, message, then its fields. */
export function logText(line: string, { paintNote }: Pick<Terminal, "paintNote">): string {
  const entry = JSON.parse(line) as Record<string, unknown>;
  const level = Number(entry.level);
  const colour = paintNote[COLOURS[level as keyof typeof COLOURS] ?? "gray"];
  const facts = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name) && (name !== "request_id" || level >= WARN))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const error = entry.err as { type?: string; message?: string } | undefined;
  if (error?.message) facts.push(`${error.type ?? "Error"}: ${error.message}`);
  const label = pino.levels.labels[level] ?? String(level);
  const time = clockText(new Date(Number(entry.time)).toISOString());
  return `${paintNote.dim(time)} ${colour(label.padEnd(5))} ${safeLine(String(entry.msg ?? ""))} ${paintNote.dim(safeLine(facts.join(" ")))}`.trimEnd();
}
