import { availableParallelism } from "node:os";
import type { RawFinding, SeverityCounts } from "../report/finding.js";
import type { SkipReason } from "../walk/tally.js";
import type { WalkOptions, WalkResult } from "../walk/walk.js";
import {
  ScannerDiedError,
  type ScannerProcess,
  type ScannerProcessOptions,
  startScanner,
} from "./process.js";

const PROCESSES_MAX = 2;
/**
 * For fewer files it does not pay to load the rules in another process, which takes a second or
 * two.
 */
const FILES_A_PROCESS_MIN = 12;
const START_FAILURES_MAX = 3;

export interface PoolOptions extends ScannerProcessOptions {
  readonly fileMs: number;
  readonly walkMs: number;
  /** Processes that may die on files before the scan fails. */
  readonly crashesMax: number;
  readonly signal: AbortSignal;
}

/** The result of scanning one file. */
export interface FileListener {
  started(file: string): void;
  findings(findings: readonly RawFinding[], dropped: Partial<SeverityCounts>): void;
  finished(file: string, skip: SkipReason | null): void;
}

/** Too many files killed the scanner: the tree is hostile or the machine has too little memory. */
export class TooManyCrashesError extends Error {
  constructor(crashes: number, last: string) {
    super(`the scanner died on ${crashes} files, the last of them ${last}`);
    this.name = "TooManyCrashesError";
  }
}

export interface ScannerPool {
  /** The versions of the scanners, once one has started. */
  readonly versions: Readonly<Record<string, string>>;
  /** @throws ScannerDiedError when the listing crashes or takes too long */
  walk(options: WalkOptions): Promise<WalkResult>;
  /**
   * Scans each file once. A file that crashes or hangs its process is skipped, and a new process
   * takes over.
   */
  scan(files: readonly string[], listener: FileListener): Promise<void>;
  /** Kills every process. Repeatable. */
  close(): void;
}

/** One process per core, at most two: more would starve the worker that waits for them. */
export function createScannerPool(options: PoolOptions): ScannerPool {
  const size = Math.min(PROCESSES_MAX, availableParallelism());
  const slots: Slot[] = Array.from({ length: size }, () => new Slot(options));
  let crashes = 0;

  async function scanFrom(slot: Slot, queue: Iterator<string>, listener: FileListener): Promise<void> {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const file = next.value;
      listener.started(file);
      const skip = await scanOne(slot, file, listener);
      if (skip === "crashed" || skip === "timed_out") crashes += 1;
      if (crashes > options.crashesMax) throw new TooManyCrashesError(crashes, file);
      listener.finished(file, skip);
    }
  }

  async function scanOne(slot: Slot, file: string, listener: FileListener): Promise<SkipReason | null> {
    const scanner = await slot.process();
    let skip: SkipReason | null = null;
    try {
      await scanner.ask({ type: "scan", file }, options.fileMs, (answer) => {
        if (answer.type === "findings") listener.findings(answer.findings, answer.dropped);
        if (answer.type === "done") skip = answer.skip;
      });
      return skip;
    } catch (error) {
      if (!(error instanceof ScannerDiedError)) throw error;
      slot.replace();
      return error.why;
    }
  }

  return {
    get versions() {
      return slots[0]?.versions ?? {};
    },
    async walk(walkOptions) {
      const scanner = await (slots[0] as Slot).process();
      let result: WalkResult = { files: [], skipped: [] };
      await scanner.ask({ type: "walk", options: walkOptions }, options.walkMs, (answer) => {
        if (answer.type === "walked") result = answer;
      });
      return result;
    },
    async scan(files, listener) {
      const queue = files[Symbol.iterator]();
      const busy = slots.slice(0, Math.max(1, Math.ceil(files.length / FILES_A_PROCESS_MIN)));
      await Promise.all(busy.map((slot) => scanFrom(slot, queue, listener)));
    },
    close() {
      for (const slot of slots) slot.close();
    },
  };
}

/** A slot for one scanner process, which is started on demand and replaced after it dies. */
class Slot {
  /** From the last process that started. */
  versions: Readonly<Record<string, string>> = {};
  #running: ScannerProcess | null = null;
  #closed = false;
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @throws ScannerDiedError when it does not start, three times; PoolClosedError */
  async process(): Promise<ScannerProcess> {
    for (let failures = 0; this.#running === null; ) {
      if (this.#closed) throw new PoolClosedError();
      try {
        this.#running = await startScanner(this.#options, this.#options.signal);
      } catch (error) {
        failures += 1;
        if (!(error instanceof ScannerDiedError) || failures >= START_FAILURES_MAX) throw error;
      }
    }
    this.versions = this.#running.versions;
    if (this.#closed) this.replace(); // Closed while the process was starting.
    return this.#running ?? this.process();
  }

  replace(): void {
    this.#running?.kill();
    this.#running = null;
  }

  /** Permanently: after a scan has failed in one slot, the other slot must not continue. */
  close(): void {
    this.#closed = true;
    this.replace();
  }
}

class PoolClosedError extends Error {
  constructor() {
    super("the scanner pool is closed");
    this.name = "PoolClosedError";
  }
}
