import type { DriftFinding, Shown, SideBySide } from "@lockstep/doctor";
import { safeLine } from "../safe-text.js";
import { renderTable } from "../table.js";
import type { Terminal } from "../terminal.js";
import { shownId } from "./shown-id.js";

const ROWS: readonly (readonly [name: string, cell: (shown: Shown) => string | null])[] = [
  [
    "status",
    ({ state, word, status }) => (word === null ? state : status === null ? `${word} (not mapped)` : word),
  ],
  ["means", ({ status }) => status],
  ["attempt", ({ attempt }) => (attempt === null ? null : String(attempt))],
  ["created", ({ created_at }) => created_at],
  ["started", ({ started_at }) => started_at],
  ["finished", ({ finished_at }) => finished_at],
  ["changed", ({ updated_at }) => updated_at],
  ["lock", ({ lock }) => lock],
  ["result", ({ result }) => result],
  ["error", ({ error }) => error],
  ["evidence", ({ evidence }) => (evidence.length === 0 ? null : evidence.join("; "))],
];

/** Every view of one job, one column per view. */
export function explanationText(explanation: SideBySide, terminal: Terminal): string {
  const { bold, dim } = terminal.paint;
  const { id, finding } = explanation;
  const said = {
    agree: "the views agree",
    gone: "no view has this job",
    unknown: "unknown: a view could not be read; bring it back and run this again",
    unmapped: "unknown: a status word is not mapped; add it to the statuses of its view",
    drift: finding?.pattern ?? "drift",
  }[explanation.verdict];
  return [
    `${bold(shownId(id))}  ${said}${explanation.is_moving ? dim(" (it changed while it was read: run this again)") : ""}`,
    ...(finding ? [safeLine(finding.cause.sentence), dim(safeLine(finding.cause.evidence))] : []),
    viewsTable(explanation.views, finding?.record ?? null, terminal.width),
  ].join("\n");
}

/** The same for a job that a check found. */
export function findingText(finding: DriftFinding, terminal: Terminal): string {
  return explanationText(
    { id: finding.id, verdict: "drift", is_moving: false, finding, views: finding.views },
    terminal,
  );
}

function viewsTable(views: readonly Shown[], record: string | null, width: number | null): string {
  const rows = ROWS.filter(([, cell]) => views.some((shown) => cell(shown) !== null));
  return renderTable(
    [
      { title: "", cell: ([name]: (typeof ROWS)[number]) => name },
      ...views.map((shown) => ({
        title: safeLine(shown.view) + (shown.view === record ? " (record)" : ""),
        cell: ([, cell]: (typeof ROWS)[number]) => safeLine(cell(shown) ?? "-"),
        shrinkTo: 12,
      })),
    ],
    rows,
    width,
  );
}
