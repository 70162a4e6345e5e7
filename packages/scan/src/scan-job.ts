import { homedir } from "node:os";
import { join } from "node:path";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import { defineJob, type JobContext, type JobDefinition } from "lockstep/internal/job";
import { createWorkspace, SYSTEM_PATH, sweepWorkspaces } from "lockstep/internal/programs";
import { type ScanInput, scanInput } from "./input.js";
import { SCAN_LIMITS, type ScanLimits } from "./limits.js";
import type { ScanOutput } from "./report/output.js";
import { runScan } from "./run-scan.js";
import type { ScanSetting } from "./scan-state.js";

export interface ScanJobOptions {
  /**
   * Folders that may be scanned by `path`; a relative path is resolved in the first. Empty: none.
   */
  readonly roots: readonly string[];
  /** The store with the uploaded archives. */
  readonly store: ArtifactStore;
  /** Whether git repositories on local names and private addresses may be scanned. */
  readonly allowPrivateAddresses: boolean;
  /** A PEM file with certificate authorities to trust for git instead of the system's. */
  readonly gitCaFile?: string;
  /**
   * Where git and external scanners are looked up, like `PATH`. Default: the usual system folders.
   */
  readonly searchPath?: string;
  /**
   * A file or folder with rules for semgrep. Without it semgrep does not run, because it would
   * fetch rules from the network.
   */
  readonly semgrepRules?: string;
  /**
   * Where clones and archives are unpacked for the scan. Default: the system's temporary folder.
   */
  readonly tempDir?: string;
  readonly limits?: Partial<ScanLimits>;
}

/**
 * The kind `scan`: searches a folder, an archive or a git repository for secrets and insecure code.
 */
export function scanJob(options: ScanJobOptions): JobDefinition<ReturnType<typeof scanInput>, ScanOutput> {
  const setting: ScanSetting = {
    roots: options.roots,
    store: options.store,
    allowPrivateAddresses: options.allowPrivateAddresses,
    gitCaFile: options.gitCaFile ?? null,
    searchPath: options.searchPath ?? SYSTEM_PATH,
    semgrepRules: options.semgrepRules ?? null,
    trivyCache: join(homedir(), ".cache", "trivy"),
    limits: { ...SCAN_LIMITS, ...options.limits },
  };
  let swept: Promise<unknown> | null = null;
  return defineJob({
    kind: "scan",
    description: "Searches a folder, an uploaded archive or a git repository for secrets and insecure code.",
    input: scanInput(options),
    timeout: "30m",
    retry: { maxAttempts: 3 },
    async run(input: ScanInput, ctx: JobContext) {
      swept ??= sweepWorkspaces("scan", options.tempDir);
      await swept;
      const workspace = await createWorkspace("scan", options.tempDir);
      try {
        return await runScan(input, ctx, { ...setting, work: workspace.dir });
      } finally {
        await workspace.remove();
      }
    },
  });
}
