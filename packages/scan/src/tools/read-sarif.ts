import { z } from "zod";
import type { Category, Severity } from "../report/finding.js";
import type { ToolAdapter } from "./adapters.js";

const text = z.object({ text: z.string().optional() }).optional();
const rule = z.object({
  id: z.string(),
  name: z.string().optional(),
  shortDescription: text,
  fullDescription: text,
  help: text,
  helpUri: z.string().optional(),
  defaultConfiguration: z.object({ level: z.string().optional() }).optional(),
  properties: z
    .object({
      "security-severity": z.union([z.string(), z.number()]).optional(),
      tags: z.array(z.string()).optional(),
    })
    .loose()
    .optional(),
});
const region = z.object({
  startLine: z.number().int().positive().optional(),
  endLine: z.number().int().positive().optional(),
  startColumn: z.number().int().positive().optional(),
  endColumn: z.number().int().positive().optional(),
});
const result = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.number().int().optional(),
  level: z.string().optional(),
  message: text,
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({
            artifactLocation: z.object({ uri: z.string().optional() }).optional(),
            region: region.optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});

/** The members of SARIF 2.1.0 that are read; everything else is ignored. */
const sarif = z.object({
  runs: z.array(
    z.object({
      tool: z.object({ driver: z.object({ rules: z.array(rule).optional() }) }),
      results: z.array(result).optional(),
    }),
  ),
});

type Rule = z.output<typeof rule>;
type Result = z.output<typeof result>;

/** A result of an external tool, with its location but without the text there. */
export interface ToolResult {
  readonly file: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  /** One past the last character. */
  readonly end_column: number | null;
  readonly rule: string;
  readonly title: string;
  readonly message: string;
  readonly recommendation: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly cwe: string | null;
  readonly help_url: string | null;
}

/**
 * Reads a tool's SARIF report.
 * @param root the scanned folder; results outside it, or without a location, are left out
 * @throws Error when it is not SARIF
 */
export function readSarif(json: string, root: string, adapter: ToolAdapter): ToolResult[] {
  const { runs } = sarif.parse(JSON.parse(json));
  return runs.flatMap(({ tool, results = [] }) => {
    const rules = tool.driver.rules ?? [];
    const byId = new Map(rules.map((known) => [known.id, known]));
    return results.flatMap((found) => {
      const known = byId.get(found.ruleId ?? "") ?? rules[found.ruleIndex ?? -1];
      return toResult(found, known, root, adapter) ?? [];
    });
  });
}

function toResult(
  found: Result,
  known: Rule | undefined,
  root: string,
  adapter: ToolAdapter,
): ToolResult | null {
  const place = found.locations?.[0]?.physicalLocation;
  const file = relativePath(place?.artifactLocation?.uri ?? "", root);
  if (file === null) return null;
  const id = found.ruleId ?? known?.id ?? "unknown";
  const start = place?.region?.startLine ?? 1;
  const message = found.message?.text ?? "";
  return {
    file,
    start_line: start,
    end_line: Math.max(place?.region?.endLine ?? start, start),
    start_column: place?.region?.startColumn ?? null,
    end_column: place?.region?.endColumn ?? null,
    rule: `${adapter.name}/${id}`,
    title: known?.shortDescription?.text ?? known?.name ?? (message || id),
    message,
    recommendation: (
      known?.fullDescription?.text ??
      known?.help?.text ??
      "See the rule's documentation."
    ).slice(0, 500),
    severity: severityOf(found, known, adapter),
    category: categoryOf(known, adapter),
    cwe: cweOf(known),
    help_url: known?.helpUri ?? null,
  };
}

function severityOf(found: Result, known: Rule | undefined, adapter: ToolAdapter): Severity {
  const score = Number(known?.properties?.["security-severity"] ?? Number.NaN);
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  if (score >= 0) return "low";
  switch (found.level ?? known?.defaultConfiguration?.level) {
    case "error":
      return "high";
    case "warning":
      return "medium";
    case "note":
      return "low";
    case "none":
      return "info";
    default:
      return adapter.fallback.severity;
  }
}

function categoryOf(known: Rule | undefined, adapter: ToolAdapter): Category {
  const tags = known?.properties?.tags ?? [];
  if (tags.includes("secret")) return "secret";
  if (tags.includes("misconfiguration")) return "configuration";
  if (tags.includes("vulnerability")) return "dependency";
  return adapter.fallback.category;
}

function cweOf(known: Rule | undefined): string | null {
  for (const tag of known?.properties?.tags ?? []) {
    const number = /cwe[-/:](?:cwe-)?0*(\d+)/i.exec(tag)?.[1];
    if (number) return `CWE-${number}`;
  }
  return null;
}

/** @returns null for a location outside the scanned folder, or an invalid path */
function relativePath(uri: string, root: string): string | null {
  const plain = decode(uri.replace(/^file:\/\/(?=\/)/, ""));
  const path = plain?.startsWith(`${root}/`) ? plain.slice(root.length + 1) : plain?.replace(/^\.\//, "");
  if (
    !path ||
    path.startsWith("/") ||
    path.split("/").includes("..") ||
    /^[a-z][a-z0-9+.-]*:\/\//i.test(path)
  )
    return null;
  return path;
}

function decode(uri: string): string | null {
  try {
    return decodeURIComponent(uri);
  } catch {
    return null; // Not a URI: an expected result.
  }
}
