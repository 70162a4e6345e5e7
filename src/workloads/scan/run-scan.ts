import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactStore } from "../../artifacts/index.js";
import { NonRetryableError } from "../../errors.js";
import type { JobContext } from "../../job/index.js";
import type { ScanInput, ScannerName } from "./input.js";
import type { ScanLimits } from "./limits.js";
import { type Collector, createCollector } from "./report/collect.js";
import { SARIF_NAME, type ScannerReport, type ScanOutput, scanOutput } from "./report/output.js";
import { present } from "./report/present.js";
import { sarifLog } from "./report/sarif.js";
import { createScannerPool, type ScannerPool, TooManyCrashesError } from "./scanner/pool.js";
import { ScannerDiedError } from "./scanner/process.js";
import { OWN_SCANNERS } from "./scanner/protocol.js";
import { openTarget, type Target } from "./target/open-target.js";
import { TOOL_ADAPTERS } from "./tools/adapters.js";
import { runTool } from "./tools/run-tool.js";
import { createTally, type Tally } from "./walk/tally.js";

const FINDINGS_PER_FILE_MAX = 1_000;
/** The share of the progress that is for the files; before it the target is fetched, after it tools and report follow. */
const FILES_FROM = 0.05;
const FILES_TO = 0.9;

/** What a scan needs to know besides its input. */
export interface ScanSetting {
  readonly roots: readonly string[];
  readonly store: ArtifactStore;
  readonly allowPrivateAddresses: boolean;
  readonly gitCaFile: string | null;
  readonly searchPath: string;
  readonly semgrepRules: string | null;
  readonly trivyCache: string;
  readonly limits: ScanLimits;
}

export interface ScanPlace extends ScanSetting {
  /** An empty private folder, removed afterwards by the caller. */
  readonly work: string;
}

/** A scan under way: what it works on and what it has found so far. */
interface Scan {
  readonly input: ScanInput;
  readonly ctx: JobContext;
  readonly place: ScanPlace;
  readonly target: Target;
  readonly collector: Collector;
  readonly tally: Tally;
}

/**
 * Runs one scan: fetch, list, scan file by file, run outside tools, report. Leaves the SARIF report as an artifact.
 * @throws NonRetryableError for an input no retry can mend; the signal's reason when it fires
 */
export async function runScan(input: ScanInput, ctx: JobContext, place: ScanPlace): Promise<ScanOutput> {
  const startedMs = performance.now();
  ctx.progress(0, "preparing");
  const target = await openTarget({
    ...place,
    input,
    signal: ctx.signal,
    log: (message) => ctx.log(message),
  });
  const collector = createCollector(place.limits.findingsMax);
  const scan: Scan = { input, ctx, place, target, collector, tally: createTally() };
  const pool = await openPool(scan);
  try {
    const files = await listFiles(scan, pool);
    const scanned = await scanFiles(scan, pool, files);
    const scanners = [...ownReports(input, pool), ...(await runTools(scan, files))];
    return await report(scan, { filesScanned: scanned, scanners, startedMs });
  } finally {
    pool.close();
  }
}

function wants(input: ScanInput, name: ScannerName): boolean {
  return input.scanners === undefined || input.scanners.includes(name);
}

async function openPool({ input, ctx, place, target }: Scan): Promise<ScannerPool> {
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

async function listFiles(
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

/** @returns how many files were scanned to their end */
async function scanFiles(
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

function ownReports(input: ScanInput, pool: ScannerPool): ScannerReport[] {
  return OWN_SCANNERS.map((name) => {
    const ran = wants(input, name);
    return { name, version: pool.versions[name] ?? null, ran, why: ran ? null : "not asked for" };
  });
}

async function runTools(
  { input, ctx, place, target, collector }: Scan,
  files: readonly string[],
): Promise<ScannerReport[]> {
  const work = join(place.work, "tools");
  await mkdir(work, { mode: 0o700 });
  const reports: ScannerReport[] = [];
  for (const [index, adapter] of TOOL_ADAPTERS.entries()) {
    if (!wants(input, adapter.name)) {
      reports.push({ name: adapter.name, version: null, ran: false, why: "not asked for" });
      continue;
    }
    ctx.progress(
      FILES_TO + (0.99 - FILES_TO) * (index / TOOL_ADAPTERS.length),
      `looking for ${adapter.name}`,
    );
    const { limits, searchPath, semgrepRules, trivyCache } = place;
    const run = {
      root: target.root,
      work,
      files: new Set(files),
      fileBytesMax: limits.fileBytesMax,
      searchPath,
      semgrepRules,
      trivyCache,
    };
    const outcome = await runTool(adapter, { ...run, timeoutMs: limits.toolMs, signal: ctx.signal });
    collector.add(outcome.findings);
    reports.push(outcome.report);
  }
  return reports;
}

interface Ending {
  readonly filesScanned: number;
  readonly scanners: readonly ScannerReport[];
  readonly startedMs: number;
}

async function report(
  { ctx, place, target, collector, tally }: Scan,
  { filesScanned, scanners, startedMs }: Ending,
): Promise<ScanOutput> {
  ctx.progress(0.99, "writing the report");
  const findings = await present(collector.kept(), ctx.signal);
  const ran = scanners.filter((scanner) => scanner.ran);
  await ctx.artifacts.write(SARIF_NAME, await sarifLog(findings, ran), "application/sarif+json");
  ctx.signal.throwIfAborted();
  const output = scanOutput({
    target: target.report,
    counts: collector.counts(),
    filesScanned,
    skipped: tally.list(),
    findings,
    scanners,
    durationMs: Math.round(performance.now() - startedMs),
    findingsMax: place.limits.outputFindingsMax,
    bytesMax: place.limits.outputBytesMax,
  });
  const { critical, high, medium, low, info } = output.counts;
  ctx.log(
    `${filesScanned} files scanned: ${critical} critical, ${high} high, ${medium} medium, ${low} low, ${info} info`,
  );
  ctx.progress(1, "done");
  return output;
}
