import { readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { crashPoint } from "../crash-point.js";
import { acquireFileLock } from "../file-lock/index.js";
import type { Settlement } from "../ledger/index.js";
import { type DecodedSpool, decodeSpool, type SpoolRecord } from "./spool-codec.js";
import { removeDurably } from "./spool-file.js";

const SPOOL = ".spool";
const LOCK = ".spool.lock";

export interface TakeOver {
  readonly folder: string;
  /** This worker's ledger. */
  readonly ledgerId: string;
  readonly logger: Logger;
  /**
   * Copies the records to this process's own spool.
   * @returns false when it cannot, and the file must stay
   */
  adopt(records: readonly Settlement[]): Promise<boolean>;
}

/**
 * Creates the function that takes over the spools of dead processes of one ledger. Their records
 * are written to this worker's spool first and the old file is removed afterwards. A crash in
 * between leaves the records twice, and the ledger's guard settles them once.
 *
 * A data directory may be shared by workers of different ledgers. The outcomes of another ledger
 * mean nothing in this one, so their spool is left alone, and is reported once.
 */
export function createSpoolTakeover(options: TakeOver): () => Promise<void> {
  const reported = new Set<string>();
  return () => takeOverSpools(options, reported);
}

async function takeOverSpools(options: TakeOver, reported: Set<string>): Promise<void> {
  const names = await readdir(options.folder);
  const spools = names.filter((name) => name.endsWith(SPOOL));
  const bareLocks = names.filter(
    (name) => name.endsWith(LOCK) && !spools.includes(name.slice(0, -".lock".length)),
  );
  for (const name of [...spools, ...bareLocks.map((lock) => lock.slice(0, -".lock".length))]) {
    const lock = await acquireFileLock(join(options.folder, `${name}.lock`));
    if (!lock.held) continue;
    try {
      await takeOverOne(join(options.folder, name), options, reported);
    } finally {
      await lock.release();
    }
  }
}

async function takeOverOne(path: string, options: TakeOver, reported: Set<string>): Promise<void> {
  const { adopt, ledgerId, logger } = options;
  const bytes = await readIfThere(path);
  if (bytes === null) return;
  const decoded = decodeSpool(bytes);
  const foreign = decoded.records.find(({ ledger_id }) => ledger_id !== ledgerId);
  if (foreign !== undefined) {
    if (!reported.has(path)) reportForeign(path, foreign, options);
    reported.add(path);
    return;
  }
  reportTakeover(path, decoded, logger);
  if (!(await adopt(decoded.records.map(settlementOf)))) return;
  crashPoint("spool: adopted, the old file not removed");
  if (decoded.damagedBytes > 0) await rename(path, `${path}.damaged`);
  else await removeDurably(path);
}

/** The record without its ledger. The claim's token stays, because it is part of the fence. */
function settlementOf({ ledger_id, ...settlement }: SpoolRecord): Settlement {
  return settlement;
}

function reportForeign(
  path: string,
  { ledger_id }: SpoolRecord,
  { folder, ledgerId, logger }: TakeOver,
): void {
  logger.warn(
    { folder, spool: path, ledger_id, own_ledger_id: ledgerId },
    "a spool belongs to another ledger and is left alone: a worker of that ledger settles it when it starts with this data directory",
  );
}

function reportTakeover(
  path: string,
  { records, tornBytes, damagedBytes }: DecodedSpool,
  logger: Logger,
): void {
  const facts = { spool: path, records: records.length, torn_bytes: tornBytes, damaged_bytes: damagedBytes };
  if (damagedBytes > 0)
    logger.error(facts, "a spool was damaged: its readable records are settled, the file is kept");
  else if (tornBytes > 0)
    logger.warn(facts, "the last record of a spool was cut short by a crash and is skipped");
  else logger.info(facts, "settling the outcomes of a dead process");
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
