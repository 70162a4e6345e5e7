import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findProgram, ProgramMissingError, runProgram } from "lockstep/internal/programs";
import type { RawFinding } from "../report/finding.js";
import type { ScannerReport } from "../report/output.js";
import { readContent } from "../scanner/content.js";
import { secretValues } from "../scanner/secret-values.js";
import { rawSnippet } from "../scanner/snippet.js";
import type { ToolAdapter, ToolPlace } from "./adapters.js";
import { readSarif, type ToolResult } from "./read-sarif.js";

const REPORT_BYTES_MAX = 64 * 1024 * 1024;
const PRINTED_BYTES_MAX = 16 * 1024 * 1024;
const VERSION_MS = 20_000;

export interface ToolRun {
  readonly root: string;
  /** A private folder; each tool gets its own folder inside it. */
  readonly work: string;
  /**
   * The files that the scan covers: a tool finds files itself, and its results for other files are
   * left out.
   */
  readonly files: ReadonlySet<string>;
  readonly fileBytesMax: number;
  readonly searchPath: string;
  readonly semgrepRules: string | null;
  readonly trivyCache: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ToolOutcome {
  readonly report: ScannerReport;
  readonly findings: RawFinding[];
}

/**
 * Runs one external tool if it is installed. Its failure is reported in the output; it does not
 * fail the scan.
 */
export async function runTool(adapter: ToolAdapter, run: ToolRun): Promise<ToolOutcome> {
  const program = findProgram(adapter.name, run.searchPath);
  if (program === null) return didNotRun(adapter, null, "not installed");
  const work = join(run.work, adapter.name);
  await mkdir(work, { mode: 0o700 });
  const hasTrivyDatabase = (await stat(join(run.trivyCache, "db", "trivy.db")).catch(() => null)) !== null;
  const place: ToolPlace = { ...run, work, report: join(work, "report.sarif"), hasTrivyDatabase };
  try {
    return await runThere(program, adapter, place, run);
  } catch (error) {
    if (error instanceof ProgramMissingError) return didNotRun(adapter, null, "could not be started");
    throw error;
  }
}

async function runThere(
  program: string,
  adapter: ToolAdapter,
  place: ToolPlace,
  run: ToolRun,
): Promise<ToolOutcome> {
  const options = programOptions(adapter, place, run);
  const asked = await runProgram({
    ...options,
    argv: [program, ...adapter.versionArgs],
    timeoutMs: VERSION_MS,
  });
  const version = /\d+\.\d+[\w.+-]*/.exec(asked.stdout.toString("utf8"))?.[0] ?? null;
  const obstacle = adapter.cannotRun(place);
  if (obstacle !== null) return didNotRun(adapter, version, obstacle);
  for (const [name, content] of Object.entries(adapter.prepare))
    await writeFile(join(place.work, name), content);
  const { code, stderr, stopped } = await runProgram({
    ...options,
    argv: [program, ...adapter.args(place)],
    timeoutMs: run.timeoutMs,
  });
  if (stopped !== null) return didNotRun(adapter, version, stopped);
  if (code === null || !adapter.goodCodes.includes(code))
    return didNotRun(adapter, version, `exit code ${code}: ${lastLine(stderr)}`);
  const findings = await readReport(place, run, adapter);
  if (findings === null) return didNotRun(adapter, version, "its report could not be read");
  return { report: { name: adapter.name, version, ran: true, why: null }, findings };
}

function didNotRun({ name }: ToolAdapter, version: string | null, why: string): ToolOutcome {
  return { report: { name, version, ran: false, why }, findings: [] };
}

function programOptions(adapter: ToolAdapter, place: ToolPlace, run: ToolRun) {
  return {
    cwd: place.work,
    env: { PATH: run.searchPath, HOME: place.work, LC_ALL: "C.UTF-8", ...adapter.env },
    stdoutBytesMax: PRINTED_BYTES_MAX,
    signal: run.signal,
    watch: async () =>
      ((await stat(place.report).catch(() => null))?.size ?? 0) > REPORT_BYTES_MAX
        ? "wrote a report that is too large"
        : null,
  };
}

async function readReport(
  place: ToolPlace,
  run: ToolRun,
  adapter: ToolAdapter,
): Promise<RawFinding[] | null> {
  const results = await readFile(place.report, "utf8")
    .then((json) => readSarif(json, run.root, adapter))
    .catch(() => null); // Absent or not SARIF: the scan's output reports it.
  if (results === null) return null;
  const findings: RawFinding[] = [];
  const lines = lineReader(run);
  for (const result of results) {
    if (run.files.has(result.file)) findings.push(toFinding(result, await lines(result.file), adapter));
  }
  return findings;
}

/** Reads the lines of a file, and keeps those of the last file: results come file by file. */
function lineReader(run: ToolRun): (file: string) => Promise<readonly string[]> {
  let last: { file: string; lines: readonly string[] } = { file: "", lines: [] };
  return async (file) => {
    if (last.file === file) return last.lines;
    const content = await readContent(join(run.root, file), run.fileBytesMax);
    last = { file, lines: "text" in content ? content.text.split(/\r\n|[\n\r]/) : [] };
    return last.lines;
  };
}

function toFinding(
  { end_column, ...result }: ToolResult,
  lines: readonly string[],
  adapter: ToolAdapter,
): RawFinding {
  return {
    ...result,
    scanner: adapter.name,
    snippet: rawSnippet(lines, result.start_line, result.end_line),
    secrets: result.category === "secret" ? secretsAt({ end_column, ...result }, lines) : [],
  };
}

/**
 * The location itself, and everything from its beginning to the end of its lines: tools count
 * columns differently.
 */
function secretsAt(result: ToolResult, lines: readonly string[]): string[] {
  const place = lines.slice(result.start_line - 1, result.end_line).join("\n");
  const start = (result.start_column ?? 1) - 1;
  const exact =
    result.start_line === result.end_line && result.end_column !== null
      ? place.slice(start, result.end_column)
      : "";
  return [...secretValues(exact.slice(0, -1)), ...secretValues(exact), ...secretValues(place.slice(start))];
}

function lastLine(text: string): string {
  return (text.trimEnd().split("\n").at(-1) ?? "").slice(0, 200);
}
