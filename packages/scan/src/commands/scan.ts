import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type CommandContext, WAIT_TIMEOUT, type WorkloadCommand } from "lockstep/internal/workload";
import { readScanOutput, scanText } from "./scan-text.js";

interface ScanFlags {
  readonly ref?: string;
  readonly wait?: boolean;
  readonly sarif?: string;
  readonly waitTimeout?: number;
}

export const scanCommand: WorkloadCommand<ScanFlags> = {
  name: "scan <target>",
  summary: "Scan source code for secrets and flaws",
  description:
    "Scan source code for secrets and flaws. The target is a folder, an archive (zip, tar, tar.gz), which is uploaded, or the https URL of a git repository. A folder must lie inside LOCKSTEP_SCAN_ROOTS of the process that runs the worker.",
  examples: [
    "lockstep scan . --wait",
    "lockstep scan https://github.com/owner/repository.git --ref main --wait --sarif report.sarif",
    "lockstep scan release.tar.gz --wait --timeout 300 --json | jq .output.counts",
  ],
  options: [
    { flags: "--ref <ref>", description: "a branch, a tag or a commit of the git repository" },
    {
      flags: "--wait",
      description: "wait for the findings; exit code 5 when the scan did not complete",
    },
    {
      flags: "--sarif <file>",
      description: "write the findings as SARIF 2.1.0 to this file; implies --wait",
    },
    WAIT_TIMEOUT,
  ],
  run: scan,
};

async function scan(context: CommandContext<ScanFlags>): Promise<number> {
  const { options, json } = context;
  const input = {
    ...(await scanTarget(context)),
    ...(options.ref === undefined ? {} : { ref: options.ref }),
  };
  const { exitCode, job } = await context.submitJob(
    { kind: "scan", input },
    {
      wait: options.wait === true || options.sarif !== undefined,
      timeoutSeconds: options.waitTimeout ?? null,
    },
  );
  if (job === null) return exitCode;
  if (!json) {
    context.out(scanText(job, context.text));
    if (readScanOutput(job).findings.length > 0) context.hint(`all details: lockstep result ${job.id}`);
  }
  if (options.sarif !== undefined) {
    await context.download(`/api/jobs/${job.id}/artifacts/${readScanOutput(job).report}`, options.sarif);
    context.note(`SARIF written to ${options.sarif}`);
  }
  return exitCode;
}

/**
 * The scan's input for the target: a URL unchanged, an archive by the id of its upload, a folder by
 * its absolute path.
 */
async function scanTarget(context: CommandContext<ScanFlags>): Promise<Record<string, string>> {
  const [target = ""] = context.args;
  // An empty path would mean this folder, but it is more likely an unset variable in a script.
  if (target === "") throw context.misuse("name what to scan: a folder, an archive or an https URL");
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return { git: target };
  const path = resolve(target);
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false, // The server validates it: the folder may exist only on its machine.
  );
  return isFile ? { file: await context.upload(path) } : { path };
}
