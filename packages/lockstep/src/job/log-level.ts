import type { LogLevel } from "./definition.js";

/** Levels of the lines of a job's log, the least important first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];
