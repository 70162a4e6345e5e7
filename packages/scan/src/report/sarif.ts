import { setImmediate } from "node:timers/promises";
import type { Severity } from "./finding.js";
import type { PresentedFinding } from "./present.js";

const BATCH = 1_000;

/** One scanner that ran. */
export interface SarifTool {
  readonly name: string;
  readonly version: string | null;
}

/** `security-severity` as code hosts interpret it: 9 and up is critical, 7 high, 4 medium. */
const LEVELS: Readonly<Record<Severity, readonly [level: "error" | "warning" | "note", score: string]>> = {
  critical: ["error", "9.5"],
  high: ["error", "8.0"],
  medium: ["warning", "5.0"],
  low: ["note", "2.0"],
  info: ["note", "0.0"],
};

/**
 * Writes a SARIF 2.1.0 log with one run for each scanner
 * (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
 */
export async function sarifLog(
  findings: readonly PresentedFinding[],
  tools: readonly SarifTool[],
): Promise<string> {
  const runs: string[] = [];
  for (const tool of tools) {
    runs.push(
      await sarifRun(
        tool,
        findings.filter((finding) => finding.scanner === tool.name),
      ),
    );
  }
  return `{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":[${runs.join(",")}]}`;
}

/** Writes in pieces and yields to other work in between: a single call would block for seconds. */
async function sarifRun(tool: SarifTool, findings: readonly PresentedFinding[]): Promise<string> {
  const rules = new Map<string, PresentedFinding>();
  for (const finding of findings) if (!rules.has(finding.rule)) rules.set(finding.rule, finding);
  const indexOf = new Map([...rules.keys()].map((rule, index) => [rule, index]));
  const results: string[] = [];
  for (const [index, finding] of findings.entries()) {
    if (index % BATCH === 0) await setImmediate();
    results.push(JSON.stringify(toResult(finding, indexOf.get(finding.rule) ?? -1)));
  }
  const driver = {
    name: tool.name,
    ...(tool.version === null ? {} : { version: tool.version }),
    rules: [...rules.values()].map(toRule),
  };
  const head = JSON.stringify({
    tool: { driver },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: true }],
  });
  return `${head.slice(0, -1)},"results":[${results.join(",")}]}`;
}

function toRule(finding: PresentedFinding) {
  const cwe = finding.cwe?.replace("CWE-", "");
  const tags = [finding.category, ...(cwe === undefined ? [] : [`external/cwe/cwe-${cwe.padStart(3, "0")}`])];
  return {
    id: finding.rule,
    shortDescription: { text: finding.title },
    help: { text: finding.recommendation },
    ...(finding.help_url === null ? {} : { helpUri: finding.help_url }),
    defaultConfiguration: { level: LEVELS[finding.severity][0] },
    properties: { tags, "security-severity": LEVELS[finding.severity][1] },
  };
}

function toResult(finding: PresentedFinding, ruleIndex: number) {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVELS[finding.severity][0],
    message: { text: finding.message || finding.title },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(finding.file), uriBaseId: "%SRCROOT%" },
          region: toRegion(finding),
        },
      },
    ],
    properties: { severity: finding.severity },
  };
}

function toRegion(finding: PresentedFinding) {
  return {
    startLine: finding.start_line,
    ...(finding.start_column === null ? {} : { startColumn: finding.start_column }),
    endLine: finding.end_line,
    snippet: { text: finding.snippet },
  };
}

/**
 * A relative path as a URI reference. A colon is escaped too, so that the first segment is not read
 * as a scheme.
 */
function toUri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
