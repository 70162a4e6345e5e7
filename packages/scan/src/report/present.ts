import { setImmediate } from "node:timers/promises";
import { RAW_LINE_MAX, type RawFinding, type ScanFinding } from "./finding.js";
import { createMasker, type Masker } from "./mask.js";

const LINE_MAX = 200;
const MESSAGE_MAX = 500;
const BATCH = 500;

/** A finding without its secrets, which may leave the scan. */
export interface PresentedFinding extends ScanFinding {
  readonly start_column: number | null;
  readonly message: string;
  readonly help_url: string | null;
}

/**
 * Masks the secrets of all findings in all findings, and shortens long texts. It yields to other
 * work in between, because masking tens of thousands of findings takes seconds.
 */
export async function present(
  findings: readonly RawFinding[],
  signal: AbortSignal,
): Promise<PresentedFinding[]> {
  const masker = createMasker(findings.flatMap((finding) => finding.secrets));
  const presented: PresentedFinding[] = [];
  for (const [index, finding] of findings.entries()) {
    if (index % BATCH === 0) await setImmediate();
    signal.throwIfAborted();
    presented.push(presentOne(finding, masker));
  }
  return presented;
}

function presentOne(finding: RawFinding, masker: Masker): PresentedFinding {
  const { secrets, ...rest } = finding;
  const clean = (text: string) => masker.mask(text, secrets, RAW_LINE_MAX).replace(UNPRINTABLE, "\ufffd");
  return {
    ...rest,
    file: rest.file.replace(UNPRINTABLE, "\ufffd"),
    title: cut(clean(rest.title), LINE_MAX),
    message: cut(clean(rest.message), MESSAGE_MAX),
    snippet: clean(rest.snippet)
      .split("\n")
      .map((line) => cut(line, LINE_MAX))
      .join("\n"),
  };
}

/**
 * Characters that a terminal would interpret or PostgreSQL cannot store. Tabs and line breaks stay.
 */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1).replace(/\p{Cs}$/u, "")}…`;
}
