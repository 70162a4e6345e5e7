import { LOG_LEVELS, type LogLevel, safeText, storableText } from "../job/index.js";
import type { ProgressWrite } from "../ledger/index.js";

export const LINES_MAX = 1_000;
export const LINE_BYTES_MAX = 8_192;
const PROGRESS_MESSAGE_BYTES_MAX = 1_024;

type Line = ProgressWrite["logs"][number];
type ProgressNow = NonNullable<ProgressWrite["progress"]>;

/**
 * Reports of an attempt that are not in the ledger yet. Only the newest progress counts; log lines
 * keep their order.
 */
export class ReportBuffer {
  #progress: ProgressNow | null = null;
  #lines: Line[] = [];
  #bytes = 0;
  #dropped = 0;

  get isEmpty(): boolean {
    return this.#progress === null && this.#lines.length === 0 && this.#dropped === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Sets the progress; a fraction out of range is clamped.
   * @throws RangeError when the fraction is not a number
   */
  setProgress(fraction: number, message: string | undefined): void {
    if (!Number.isFinite(fraction))
      throw new RangeError(`progress must be between 0 and 1, not ${safeText(fraction)}`);
    this.#progress = {
      fraction: Math.min(1, Math.max(0, fraction)),
      message: message == null ? null : storableText(textOf(message), PROGRESS_MESSAGE_BYTES_MAX),
    };
  }

  /**
   * @param mayKeep false drops the line but counts it
   * @throws RangeError when there is no such level
   */
  addLine(level: LogLevel, message: string, mayKeep = true): void {
    if (!LOG_LEVELS.includes(level))
      throw new RangeError(`a log level is ${LOG_LEVELS.join(", ")}, not ${safeText(level)}`);
    if (!mayKeep || this.#lines.length >= LINES_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#push({
      level,
      message: storableText(textOf(message), LINE_BYTES_MAX),
      at: new Date().toISOString(),
    });
  }

  /**
   * The progress and as many of the first lines as fit. They stay in the buffer until `written`.
   */
  peek(linesMax: number, bytesMax: number): Pick<ProgressWrite, "progress" | "logs"> {
    this.#reportDropped();
    let bytes = 0;
    let count = 0;
    for (const line of this.#lines) {
      if (count >= linesMax || (count > 0 && bytes + line.message.length > bytesMax)) break;
      bytes += line.message.length;
      count += 1;
    }
    return { progress: this.#progress, logs: this.#lines.slice(0, count) };
  }

  /** Removes what `peek` returned, but nothing that was added later. */
  written(part: Pick<ProgressWrite, "progress" | "logs">): void {
    if (this.#progress === part.progress) this.#progress = null;
    for (const line of this.#lines.splice(0, part.logs.length)) this.#bytes -= line.message.length;
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    const message = this.#dropped === 1 ? "1 line dropped" : `${this.#dropped} lines dropped`;
    this.#dropped = 0;
    this.#push({ level: "warn", message, at: new Date().toISOString() });
  }

  #push(line: Line): void {
    this.#lines.push(line);
    this.#bytes += line.message.length;
  }
}

/** A handler in JavaScript may pass anything, such as an error. */
function textOf(message: unknown): string {
  return typeof message === "string" ? message : safeText(message);
}
