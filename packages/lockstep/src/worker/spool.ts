import { join } from "node:path";
import { crashPoint } from "../crash-point.js";
import { acquireFileLock, type FileLock } from "../file-lock/index.js";
import { encodeSpoolRecord } from "./spool-codec.js";
import { type OpenSpoolFile, openSpoolFile, removeDurably, type SpoolFile } from "./spool-file.js";
import type { Unsettled } from "./unsettled-outcomes.js";

export const SPOOL_BYTES_MAX = 1_073_741_824;

export interface SpoolOptions {
  readonly folder: string;
  readonly workerId: string;
  readonly openFile?: OpenSpoolFile;
}

/**
 * The worker's file of outcomes that could not be settled in time. The lock file beside it shows
 * that this process is alive.
 */
export class Spool {
  readonly path: string;
  readonly #open: OpenSpoolFile;
  #file: SpoolFile | null = null;
  #lock: FileLock | null = null;
  #ledgerId = "";
  #bytes = 0;
  #unsettled = 0;
  #failure: unknown = null;
  #last: Promise<void> = Promise.resolve();

  constructor({ folder, workerId, openFile = openSpoolFile }: SpoolOptions) {
    this.path = join(folder, `${workerId}.spool`);
    this.#open = openFile;
  }

  /** Outcomes in the file that the ledger has not acknowledged. */
  get records(): number {
    return this.#unsettled;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Why the last append failed; null when it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * @param ledgerId the ledger of this worker's outcomes
   * @throws the system's error when the folder cannot be written
   */
  async start(ledgerId: string): Promise<void> {
    const lock = await acquireFileLock(`${this.path}.lock`);
    if (!lock.held) throw new Error(`the spool ${this.path} belongs to process ${lock.pid}`);
    this.#lock = lock;
    this.#ledgerId = ledgerId;
  }

  /**
   * Writes outcomes to the disk and marks them as spooled.
   * @returns whether they are on the disk; if not, `failure` has the reason and they stay unmarked
   */
  append(batch: readonly Unsettled[]): Promise<boolean> {
    return this.#inTurn(async () => {
      const fresh = batch.filter((unsettled) => !unsettled.spooled);
      if (fresh.length === 0) return true;
      try {
        crashPoint("spool: before an append");
        const ledger_id = this.#ledgerId;
        await this.#write(
          Buffer.concat(fresh.map(({ settlement }) => encodeSpoolRecord({ ...settlement, ledger_id }))),
        );
      } catch (error) {
        this.#failure = error;
        return false;
      }
      crashPoint("spool: appended");
      this.#failure = null;
      for (const unsettled of fresh) unsettled.spooled = true;
      this.#unsettled += fresh.length;
      // It was acknowledged while it was being written.
      for (const unsettled of fresh) if (unsettled.acknowledged) this.settled();
      return true;
    });
  }

  /**
   * Counts a spooled outcome that the ledger has acknowledged. After the last one, the file is
   * emptied.
   */
  settled(): void {
    this.#unsettled -= 1;
    if (this.#unsettled > 0) return;
    void this.#inTurn(async () => {
      if (this.#unsettled > 0 || this.#bytes === 0) return;
      crashPoint("spool: before it is emptied");
      // If the file cannot be emptied, it is replayed later, which changes nothing.
      await this.#file?.clear().then(
        () => {
          this.#bytes = 0;
        },
        (error: unknown) => {
          this.#failure = error;
        },
      );
    });
  }

  /** Removes an empty spool. Any other is left for the next process that looks. */
  async stop(): Promise<void> {
    await this.#last;
    await this.#file?.close();
    if (this.#file && this.#unsettled === 0) await removeDurably(this.path);
    this.#file = null;
    await this.#lock?.release();
    this.#lock = null;
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#bytes + bytes.length > SPOOL_BYTES_MAX)
      throw new Error(`the spool has reached its limit of ${SPOOL_BYTES_MAX} bytes`);
    this.#file ??= await this.#open(this.path);
    await this.#file.append(bytes);
    this.#bytes += bytes.length;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}
