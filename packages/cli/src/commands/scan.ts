import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Job } from "lockstep/internal/job";
import type { ApiClient } from "../client/api-client.js";
import { CLIENT_SETTINGS, defineCommand, type Invocation, type Session } from "../command.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { readScanOutput, scanText } from "../scan-text.js";
import { download, upload } from "../transfer.js";
import { UsageError } from "../usage-error.js";
import { reportEnd, waitForJob, waitTimeoutOption } from "../wait-for-job.js";

interface ScanFlags {
  readonly ref?: string;
  readonly wait?: boolean;
  readonly sarif?: string;
  readonly waitTimeout?: number;
}

export function scanCommand(session: Session): Command {
  return defineCommand<ScanFlags>(session, {
    name: "scan <target>",
    summary: "Scan source code for secrets and flaws",
    description:
      "Scan source code for secrets and flaws. The target is a folder, an archive (zip, tar, tar.gz), which is uploaded, or the https URL of a git repository. A folder must lie inside LOCKSTEP_SCAN_ROOTS of the process that runs the worker.",
    examples: [
      "lockstep scan . --wait",
      "lockstep scan https://github.com/owner/repository.git --ref main --wait --sarif report.sarif",
      "lockstep scan release.tar.gz --wait --timeout 300 --json | jq .output.counts",
    ],
    settings: CLIENT_SETTINGS,
    options: [
      new Option("--ref <ref>", "a branch, a tag or a commit of the git repository"),
      new Option("--wait", "wait for the findings; exit code 5 when the scan did not complete"),
      new Option("--sarif <file>", "write the findings as SARIF 2.1.0 to this file; implies --wait"),
      waitTimeoutOption(),
    ],
    run: scan,
  });
}

async function scan({ args, options, terminal, json, client }: Invocation<ScanFlags>): Promise<ExitCode> {
  const api = client();
  const input = {
    ...(await scanTarget(api, args[0] ?? "")),
    ...(options.ref === undefined ? {} : { ref: options.ref }),
  };
  const submitted = await api.post<Job>("/api/jobs", { body: { kind: "scan", input } });
  if (options.wait !== true && options.sarif === undefined) {
    if (json) terminal.json({ schema: "lockstep.job/1", ...submitted });
    else terminal.out(submitted.id);
    if (!json && terminal.width !== null)
      terminal.note(terminal.paintNote.dim(`follow it with: lockstep jobs watch ${submitted.id}`));
    return EXIT.done;
  }
  if (!json) terminal.note(terminal.paintNote.dim(`job ${submitted.id}`));
  const job = await waitForJob(api, submitted.id, { timeoutSeconds: options.waitTimeout ?? null, terminal });
  if (json) terminal.json({ schema: "lockstep.job/1", ...job });
  const exitCode = reportEnd(job, terminal);
  if (job.status !== "completed") return exitCode;
  if (!json) {
    terminal.out(scanText(job, terminal));
    if (readScanOutput(job).findings.length > 0)
      terminal.note(terminal.paintNote.dim(`everything about them: lockstep result ${job.id}`));
  }
  if (options.sarif !== undefined) {
    await download(api, `/api/jobs/${job.id}/artifacts/${readScanOutput(job).report}`, options.sarif);
    terminal.note(`SARIF written to ${options.sarif}`);
  }
  return exitCode;
}

/** What the scan's input names: a URL as it is, an archive by its upload's id, a folder by its absolute path. */
async function scanTarget(client: ApiClient, target: string): Promise<Record<string, string>> {
  // An empty path would be this folder: more likely a variable of a script is not set.
  if (target === "") throw new UsageError("name what is to be scanned: a folder, an archive or an https URL");
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return { git: target };
  const path = resolve(target);
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false, // The server says what is wrong with it: the folder may be on its machine only.
  );
  return isFile ? { file: await upload(client, path) } : { path };
}
