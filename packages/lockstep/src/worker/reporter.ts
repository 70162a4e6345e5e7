import type { Logger } from "pino";
import { DatabaseUnavailableError } from "../errors.js";
import type { LogLevel } from "../job/index.js";
import type { HeldAttempt, ProgressWrite, WorkerLedger } from "../ledger/index.js";
import { createLoop } from "../timing/index.js";
import { ReportBuffer } from "./report-buffer.js";

const REPORT_MS = 1_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
const WRITE_LINES_MAX = 5_000;
const WRITE_BYTES_MAX = 4_194_304;
const BUFFERED_BYTES_MAX = 67_108_864;

export interface ReporterOptions {
  readonly ledger: Pick<WorkerLedger, "report">;
  readonly workerId: string;
  readonly logger: Logger;
  /**
   * The ledger rejected the attempt's progress and log lines: the attempt no longer belongs to this
   * worker.
   */
  onRefused(attempt: HeldAttempt): void;
}

interface Part {
  readonly attempt: HeldAttempt;
  readonly buffer: ReportBuffer;
  readonly write: ProgressWrite;
}

/**
 * Writes the progress and log lines of all jobs of a worker, in one statement a second. An attempt
 * that ended is written immediately, together with everything else in the buffers, because its log
 * lines must precede its outcome.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #buffers = new Map<HeldAttempt, ReportBuffer>();
  /** Attempts whose outcome waits, and what to call when everything is written. */
  readonly #waiting = new Map<HeldAttempt, (() => void)[]>();
  /** Approximate buffered bytes, corrected after every write. */
  #bytes = 0;
  #failures = 0;
  readonly #writes = createLoop(() => this.#write(), { firstMs: Number.POSITIVE_INFINITY });

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#writes.start();
  }

  progress(attempt: HeldAttempt, fraction: number, message: string | undefined): void {
    this.#bufferOf(attempt).setProgress(fraction, message);
    this.#writes.wake(REPORT_MS);
  }

  log(attempt: HeldAttempt, level: LogLevel, message: string): void {
    const buffer = this.#bufferOf(attempt);
    const before = buffer.bytes;
    buffer.addLine(level, message, this.#bytes < BUFFERED_BYTES_MAX);
    this.#bytes += buffer.bytes - before;
    this.#writes.wake(REPORT_MS);
  }

  /**
   * @returns null when everything of this attempt is written; otherwise a promise that resolves
   *   when it is written or rejected by the ledger
   */
  flush(attempt: HeldAttempt): Promise<void> | null {
    if (!this.#buffers.has(attempt)) return null;
    const written = new Promise<void>((resolve) => {
      this.#waiting.set(attempt, [...(this.#waiting.get(attempt) ?? []), resolve]);
    });
    // While the ledger cannot be reached, the next try is already scheduled.
    if (this.#failures === 0) this.#writes.wake();
    return written;
  }

  /** Drops the reports of this attempt: the ledger will accept no more. */
  forget(attempt: HeldAttempt): void {
    this.#buffers.delete(attempt);
    for (const resolve of this.#waiting.get(attempt) ?? []) resolve();
    this.#waiting.delete(attempt);
  }

  /** Stops after a write in progress. Unwritten reports are dropped. */
  stop(): Promise<void> {
    return this.#writes.stop();
  }

  #bufferOf(attempt: HeldAttempt): ReportBuffer {
    const known = this.#buffers.get(attempt);
    if (known) return known;
    const buffer = new ReportBuffer();
    this.#buffers.set(attempt, buffer);
    return buffer;
  }

  /** @returns milliseconds until the next write */
  async #write(): Promise<number> {
    const parts = this.#collect();
    try {
      await this.#send(parts);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (!(error instanceof DatabaseUnavailableError)) await this.#sendSeparately(parts, error);
    }
    this.#bytes = [...this.#buffers.values()].reduce((sum, buffer) => sum + buffer.bytes, 0);
    return this.#nextWriteMs();
  }

  #nextWriteMs(): number {
    if (this.#buffers.size === 0) return Number.POSITIVE_INFINITY;
    if (this.#failures === 0) return this.#waiting.size > 0 ? 0 : REPORT_MS;
    const retryMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(this.#failures, 10));
    return retryMs * (0.5 + Math.random() / 2);
  }

  /** Attempts whose outcome waits come first. */
  #collect(): Part[] {
    const parts: Part[] = [];
    let lines = WRITE_LINES_MAX;
    let bytes = WRITE_BYTES_MAX;
    const idle = [...this.#buffers.keys()].filter((attempt) => !this.#waiting.has(attempt));
    for (const attempt of [...this.#waiting.keys(), ...idle]) {
      const buffer = this.#buffers.get(attempt);
      if (!buffer || lines <= 0 || bytes <= 0) continue;
      const { progress, logs } = buffer.peek(lines, bytes);
      parts.push({
        attempt,
        buffer,
        write: { job_id: attempt.job_id, attempt: attempt.attempt, progress, logs },
      });
      lines -= logs.length;
      for (const line of logs) bytes -= line.message.length;
    }
    return parts;
  }

  async #send(parts: readonly Part[]): Promise<void> {
    const { ledger, workerId, onRefused } = this.#options;
    const refused = await ledger.report(
      workerId,
      parts.map((part) => part.write),
    );
    for (const { attempt, buffer, write } of parts) {
      buffer.written(write);
      if (buffer.isEmpty) this.forget(attempt);
    }
    for (const { job_id, attempt } of refused) {
      const part = parts.find(({ write }) => write.job_id === job_id && write.attempt === attempt);
      if (!part) continue;
      this.forget(part.attempt);
      onRefused(part.attempt);
    }
  }

  /**
   * The database is reachable and rejects the write. Reports that it cannot store are dropped, so
   * that no outcome waits forever.
   */
  async #sendSeparately(parts: readonly Part[], first: unknown): Promise<void> {
    for (const part of parts) {
      try {
        await this.#send([part]);
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) return;
        const { job_id, attempt } = part.attempt;
        this.#options.logger.error(
          { err: first, job_id, attempt },
          "the ledger cannot store these log lines; they are dropped",
        );
        part.buffer.written(part.write);
        if (part.buffer.isEmpty) this.forget(part.attempt);
      }
    }
    this.#failures = 0;
  }
}
