import { useState } from "react";
import { plainText } from "../../text/plain-text.js";
import type { Grouping, ScanFinding } from "./scan-output.js";

const SHOWN_AT_FIRST = 20;

interface FindingGroupProps {
  readonly name: string;
  readonly by: Grouping;
  readonly findings: readonly ScanFinding[];
}

export function FindingGroup({ name, by, findings }: FindingGroupProps) {
  const [all, setAll] = useState(false);
  const shown = all ? findings : findings.slice(0, SHOWN_AT_FIRST);
  const [first] = findings;
  return (
    <section className="panel findings">
      <div className="panel-head">
        {first ? <Severity finding={first} /> : null}
        <h3 className="ellipsis">{by === "rule" && first ? plainText(first.title) : plainText(name)}</h3>
        <span className="mono dim ellipsis">{by === "rule" ? name : ""}</span>
        <span className="grow" />
        <span className="dim number">{findings.length}</span>
      </div>
      {shown.map((finding) => (
        <Place
          key={`${finding.file}:${finding.start_line}:${finding.rule}:${finding.snippet}`}
          finding={finding}
          by={by}
        />
      ))}
      {findings.length > shown.length ? (
        <button type="button" className="more" onClick={() => setAll(true)}>
          Show {findings.length - shown.length} more
        </button>
      ) : null}
    </section>
  );
}

function Severity({ finding }: { finding: ScanFinding }) {
  return (
    <span className="severity" data-severity={finding.severity}>
      {finding.severity}
    </span>
  );
}

/** One finding: its location, the code there, and what to do about it. */
function Place({ finding, by }: { finding: ScanFinding; by: Grouping }) {
  const lines = plainText(finding.snippet)
    .split("\n")
    .map((text, index) => ({ text, number: finding.start_line + index }));
  return (
    <div className="place">
      <div className="row">
        <span className="mono">
          {plainText(finding.file)}:{finding.start_line}
        </span>
        {by === "rule" ? null : <strong>{plainText(finding.title)}</strong>}
        {finding.cwe ? <span className="dim">{finding.cwe}</span> : null}
        <span className="dim">{finding.scanner}</span>
      </div>
      <pre className="snippet">
        {lines.map(({ text, number }) => (
          <div key={number}>
            <span className="line-number">{number}</span>
            {text}
          </div>
        ))}
      </pre>
      <p className="dim">{plainText(finding.recommendation)}</p>
    </div>
  );
}
