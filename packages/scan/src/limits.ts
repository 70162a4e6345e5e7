/** Limits of one scan. Every value can be changed through `scanJob({ limits })`. */
export interface ScanLimits {
  /** Maximum number of files scanned; the others are counted as skipped. */
  readonly filesMax: number;
  /** Maximum number of files and folders visited; above it the scan fails. */
  readonly entriesMax: number;
  /** Maximum nesting depth of folders. */
  readonly depthMax: number;
  /** A larger file is skipped. */
  readonly fileBytesMax: number;
  /** Maximum size on disk of a clone or an unpacked archive, in bytes. */
  readonly targetBytesMax: number;
  /** Unpacked bytes per archive byte, checked once more than 10 MiB are unpacked. */
  readonly archiveRatioMax: number;
  /** Milliseconds to fetch a git repository. */
  readonly gitMs: number;
  /** Milliseconds for the scanners on one file, before they are killed and the file is skipped. */
  readonly fileMs: number;
  /** Milliseconds to list the files. */
  readonly walkMs: number;
  /** Milliseconds for one external tool. */
  readonly toolMs: number;
  /** Scanner processes that may die or hang before the scan fails. */
  readonly crashesMax: number;
  /** Size of one scanner process's JavaScript heap, in MiB. */
  readonly scannerHeapMib: number;
  /** Findings kept in the SARIF report; the others, least severe first, are only counted. */
  readonly findingsMax: number;
  /** Findings kept in the job's output. */
  readonly outputFindingsMax: number;
  /** Bytes of the findings in the job's output. */
  readonly outputBytesMax: number;
}

const MIB = 1024 * 1024;

export const SCAN_LIMITS: ScanLimits = {
  filesMax: 20_000,
  entriesMax: 500_000,
  depthMax: 64,
  fileBytesMax: MIB,
  targetBytesMax: 1024 * MIB,
  archiveRatioMax: 100,
  gitMs: 300_000,
  fileMs: 30_000,
  walkMs: 120_000,
  toolMs: 300_000,
  crashesMax: 50,
  scannerHeapMib: 1024,
  findingsMax: 25_000,
  outputFindingsMax: 5_000,
  outputBytesMax: 5 * MIB,
};
