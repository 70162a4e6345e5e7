import truncate from "cli-truncate";
import { durationText } from "./duration-text.js";
import { safeLine } from "./safe-text.js";
import type { Terminal } from "./terminal.js";

/** The progress of something. */
export interface ProgressState {
  /** What it is about, such as the job's status. */
  readonly label: string;
  /** Between 0 and 1; null when nothing is known yet. */
  readonly fraction: number | null;
  /** Units done so far and in total, if they are counted. */
  readonly done?: number | null;
  readonly total?: number | null;
  readonly message?: string | null;
}

export interface ProgressLine {
  update(state: ProgressState): void;
  /** Prints a line above the bar. */
  note(text: string): void;
  /** Removes the bar. */
  end(): void;
}

const DRAW_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 10_000;
const BAR_CELLS_MAX = 24;

/** A bar that is redrawn on a terminal; without a terminal, a line now and then. */
export function createProgressLine(terminal: Terminal, now: () => number = Date.now): ProgressLine {
  const startedMs = now();
  let nextMs = terminal.noteWidth === null ? startedMs + LINE_INTERVAL_MS : startedMs;
  let drawn = "";
  const erase = () => drawn !== "" && terminal.draw("\r\u001b[2K");
  return {
    update(state) {
      const width = terminal.noteWidth;
      if (now() < nextMs) return;
      nextMs = now() + (width === null ? LINE_INTERVAL_MS : DRAW_INTERVAL_MS);
      const text = progressText(state, (now() - startedMs) / 1_000, width);
      if (width === null) return terminal.note(text);
      erase();
      terminal.draw(text);
      drawn = text;
    },
    note(text) {
      erase();
      terminal.note(text);
      if (drawn !== "") terminal.draw(drawn);
    },
    end() {
      erase();
      drawn = "";
    },
  };
}

/**
 * One line with the fraction, the count, the speed and the time left.
 * @param width columns of the terminal; null: no bar, no limit
 */
export function progressText(state: ProgressState, elapsedSeconds: number, width: number | null): string {
  const parts = [state.label];
  if (state.fraction !== null) {
    if (width !== null) parts.push(barText(state.fraction, Math.min(BAR_CELLS_MAX, Math.floor(width / 4))));
    parts.push(`${String(Math.floor(state.fraction * 100)).padStart(3)} %`);
  }
  if (state.done != null) parts.push(state.total == null ? `${state.done}` : `${state.done}/${state.total}`);
  parts.push(...rateParts(state, elapsedSeconds));
  if (state.message) parts.push(safeLine(state.message));
  const line = parts.join("  ");
  return width === null ? line : truncate(line, width - 1);
}

function rateParts(state: ProgressState, elapsedSeconds: number): string[] {
  const parts: string[] = [];
  if (state.done != null && state.done > 0 && elapsedSeconds >= 1)
    parts.push(`${(state.done / elapsedSeconds).toFixed(state.done / elapsedSeconds < 10 ? 1 : 0)}/s`);
  const { fraction } = state;
  if (fraction !== null && fraction > 0.01 && fraction < 1 && elapsedSeconds >= 1) {
    parts.push(`${durationText((elapsedSeconds * (1 - fraction)) / fraction)} left`);
  } else {
    parts.push(durationText(elapsedSeconds));
  }
  return parts;
}

function barText(fraction: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * cells);
  return `${"█".repeat(full)}${"░".repeat(cells - full)}`;
}
