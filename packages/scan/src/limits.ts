/** What one scan may use. Every value can be changed through `scanJob({ limits })`. */
export interface ScanLimits {
  /** Files scanned at most; the rest is counted as skipped. */
  readonly filesMax: number;
  /** Files and folders looked at; beyond it the scan fails. */
  readonly entriesMax: number;
  /** Folders inside each other. */
  readonly depthMax: number;
  /** A larger file is skipped. */
  readonly fileBytesMax: number;
  /** What a clone or an archive may take on disk, unpacked. */
  readonly targetBytesMax: number;
  /** Bytes out for each byte in, once an archive has grown over 10 MiB. */
  readonly archiveRatioMax: number;
  /** Milliseconds to fetch a git repository. */
  readonly gitMs: number;
  /** Milliseconds the scanners may take for one file before they are killed and the file is skipped. */
  readonly fileMs: number;
  /** Milliseconds to list the files. */
  readonly walkMs: number;
  /** Milliseconds for one external tool. */
  readonly toolMs: number;
  /** Scanner processes that may die or hang before the scan fails. */
  readonly crashesMax: number;
  /** Memory of one scanner process's JavaScript heap, in MiB. */
  readonly scannerHeapMib: number;
  /** Findings kept in the SARIF report; the rest, least severe first, is only counted. */
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
