import { RAW_LINE_MAX, SNIPPET_LINES_MAX } from "../report/finding.js";

/** The first lines of a location in a file, each cut. @param startLine from 1 */
export function rawSnippet(lines: readonly string[], startLine: number, endLine: number): string {
  const end = Math.min(endLine, startLine + SNIPPET_LINES_MAX - 1, lines.length);
  return lines
    .slice(startLine - 1, Math.max(end, startLine))
    .map((line) => line.slice(0, RAW_LINE_MAX))
    .join("\n");
}
