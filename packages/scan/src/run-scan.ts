import type { JobContext } from "lockstep/internal/job";
import type { ScanInput } from "./input.js";
import { createCollector } from "./report/collect.js";
import { SARIF_NAME, type ScannerReport, type ScanOutput, scanOutput } from "./report/output.js";
import { present } from "./report/present.js";
import { sarifLog } from "./report/sarif.js";
import { listFiles, openPool, ownReports, scanFiles } from "./scan-files.js";
import type { Scan, ScanPlace } from "./scan-state.js";
import { scanWithTools } from "./scan-with-tools.js";
import { openTarget } from "./target/open-target.js";
import { createTally } from "./walk/tally.js";

/**
 * Runs one scan: fetches the target, lists its files, scans file by file, runs external tools,
 * writes the report. The SARIF report is stored as an artifact.
 * @throws NonRetryableError for an input that fails on every retry; the signal's reason when it
 *   aborts
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
    const scanners = [...ownReports(input, pool), ...(await scanWithTools(scan, files))];
    return await report(scan, { filesScanned: scanned, scanners, startedMs });
  } finally {
    pool.close();
  }
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
