import { readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { crashPoint } from "../crash-point.js";
import { acquireFileLock } from "../file-lock/index.js";
import type { Settlement } from "../ledger/index.js";
import { type DecodedSpool, decodeSpool } from "./spool-codec.js";
import { removeDurably } from "./spool-file.js";

const SPOOL = ".spool";
const LOCK = ".spool.lock";

export interface TakeOver {
  readonly folder: string;
  readonly logger: Logger;
  /**
   * Copies the records to this process's own spool.
   * @returns false when it cannot, and the file must stay
   */
  adopt(records: readonly Settlement[]): Promise<boolean>;
}

/**
 * Takes over the spools of dead processes. Their records are written to this worker's spool first
 * and the old file is removed afterwards. A crash in between leaves the records twice, and the
 * ledger's guard settles them once.
 */
export async function takeOverSpools(options: TakeOver): Promise<void> {
  const names = await readdir(options.folder);
  const spools = names.filter((name) => name.endsWith(SPOOL));
  const bareLocks = names.filter(
    (name) => name.endsWith(LOCK) && !spools.includes(name.slice(0, -".lock".length)),
  );
  for (const name of [...spools, ...bareLocks.map((lock) => lock.slice(0, -".lock".length))]) {
    const lock = await acquireFileLock(join(options.folder, `${name}.lock`));
    if (!lock.held) continue;
    try {
      await takeOverOne(join(options.folder, name), options);
    } finally {
      await lock.release();
    }
  }
}

async function takeOverOne(path: string, { adopt, logger }: TakeOver): Promise<void> {
  const bytes = await readIfThere(path);
  if (bytes === null) return;
  const decoded = decodeSpool(bytes);
  reportTakeover(path, decoded, logger);
  if (!(await adopt(decoded.records))) return;
  crashPoint("spool: adopted, the old file not removed");
  if (decoded.damagedBytes > 0) await rename(path, `${path}.damaged`);
  else await removeDurably(path);
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
