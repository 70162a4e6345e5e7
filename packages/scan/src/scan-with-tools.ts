import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ScannerReport } from "./report/output.js";
import { FILES_TO, type Scan, wants } from "./scan-state.js";
import { TOOL_ADAPTERS } from "./tools/adapters.js";
import { runTool } from "./tools/run-tool.js";

/**
 * Runs the available external tools, one after the other.
 * @returns the entry of each in the scan's output
 */
export async function scanWithTools(
  { input, ctx, place, target, collector }: Scan,
  files: readonly string[],
): Promise<ScannerReport[]> {
  const work = join(place.work, "tools");
  await mkdir(work, { mode: 0o700 });
  const reports: ScannerReport[] = [];
  for (const [index, adapter] of TOOL_ADAPTERS.entries()) {
    if (!wants(input, adapter.name)) {
      reports.push({ name: adapter.name, version: null, ran: false, why: "not requested" });
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
