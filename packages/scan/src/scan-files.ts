import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NonRetryableError } from "lockstep/internal/errors";
import type { ScanInput } from "./input.js";
import type { ScannerReport } from "./report/output.js";
import { FILES_FROM, FILES_TO, type Scan, wants } from "./scan-state.js";
import { createScannerPool, type ScannerPool, TooManyCrashesError } from "./scanner/pool.js";
import { ScannerDiedError } from "./scanner/process.js";
import { OWN_SCANNERS } from "./scanner/protocol.js";

const FINDINGS_PER_FILE_MAX = 1_000;

/** Creates the pool of scanner processes; it starts none yet. */
export async function openPool({ input, ctx, place, target }: Scan): Promise<ScannerPool> {
  const { limits } = place;
  const cwd = join(place.work, "scanner");
  await mkdir(cwd, { mode: 0o700 });
  return createScannerPool({
    setup: {
      root: target.root,
      fileBytesMax: limits.fileBytesMax,
      findingsPerFileMax: FINDINGS_PER_FILE_MAX,
      scanners: OWN_SCANNERS.filter((name) => wants(input, name)),
    },
    cwd,
    heapMib: limits.scannerHeapMib,
    fileMs: limits.fileMs,
    walkMs: limits.walkMs,
    crashesMax: limits.crashesMax,
    signal: ctx.signal,
  });
}

/**
 * Lists the files to scan, and counts the others.
 * @throws NonRetryableError when the tree cannot be listed
 */
export async function listFiles(
  { input, ctx, place, target, tally }: Scan,
  pool: ScannerPool,
): Promise<readonly string[]> {
  ctx.progress(FILES_FROM, "listing files");
  const { filesMax, entriesMax, depthMax, fileBytesMax } = place.limits;
  const walked = await pool
    .walk({
      root: target.root,
      respectGitignore: target.respectGitignore,
      include: input.include ?? [],
      exclude: input.exclude ?? [],
      filesMax,
      entriesMax,
      depthMax,
      fileBytesMax,
    })
    .catch((error: unknown) => {
      if (error instanceof ScannerDiedError)
        throw new NonRetryableError(`the files could not be listed: ${error.message}`, { cause: error });
      throw error;
    });
  tally.merge(walked.skipped);
  ctx.log(`${walked.files.length} files to scan, ${tally.total()} files and folders skipped`);
  return walked.files;
}

/**
 * Scans the files.
 * @returns how many were scanned completely
 * @throws NonRetryableError when too many crash the scanner
 */
export async function scanFiles(
  { ctx, collector, tally }: Scan,
  pool: ScannerPool,
  files: readonly string[],
): Promise<number> {
  let done = 0;
  let scanned = 0;
  await pool
    .scan(files, {
      started: (file) =>
        ctx.progress(FILES_FROM + (done / files.length) * (FILES_TO - FILES_FROM), `scanning ${file}`),
      findings(findings, dropped) {
        collector.add(findings);
        collector.addDropped(dropped);
      },
      finished(file, skip) {
        done += 1;
        if (skip === null) scanned += 1;
        else tally.add(skip, file);
        if (skip === "crashed" || skip === "timed_out")
          ctx.log(
            `skipped ${file}: it ${skip === "crashed" ? "crashed the scanner" : "took the scanner too long"}`,
            "warn",
          );
      },
    })
    .catch((error: unknown) => {
      if (error instanceof TooManyCrashesError) throw new NonRetryableError(error.message, { cause: error });
      throw error;
    });
  return scanned;
}

/** The own scanners as the scan's output reports them. */
export function ownReports(input: ScanInput, pool: ScannerPool): ScannerReport[] {
  return OWN_SCANNERS.map((name) => {
    const ran = wants(input, name);
    return { name, version: pool.versions[name] ?? null, ran, why: ran ? null : "not requested" };
  });
}
