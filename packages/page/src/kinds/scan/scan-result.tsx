import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { spanText } from "../../clock/span.js";
import { artifactUrl } from "../../job/artifact-url.js";
import type { KnownJob } from "../../live/version-store.js";
import { Icon } from "../../shell/icon.js";
import { plainText } from "../../text/plain-text.js";
import { FindingGroup } from "./finding-group.js";
import "./result.css";
import { asScanOutput, type Grouping, grouped, type ScanOutput, SEVERITIES } from "./scan-output.js";

const GROUPINGS: readonly Grouping[] = ["rule", "file", "severity"];

/** The findings of a scan, and what it skipped. */
export function ScanResult({ job }: { job: KnownJob }) {
  const output = asScanOutput(job.whole?.output);
  const [by, setBy] = useState<Grouping>("rule");
  if (!output) return <p className="dim">The output is not that of a scan; it is shown under Output.</p>;
  const total = Object.values(output.counts).reduce((sum, count) => sum + count, 0);
  const files = output.files_scanned.toLocaleString("en");
  return (
    <div className="stack">
      <div className="row">
        <h2>
          {total === 0
            ? `0 findings in ${files} files`
            : `${total.toLocaleString("en")} findings in ${files} files`}
        </h2>
        <span className="dim number">in {spanText(output.duration_ms)}</span>
        <span className="grow" />
        <a className="row no-print" href={artifactUrl(job.id, output.report)} download>
          <Icon name="download" size={14} /> SARIF
        </a>
      </div>
      {total === 0 ? (
        <p className="good">Nothing was found. Every file that was not skipped was read by {ran(output)}.</p>
      ) : (
        <SeverityCounts output={output} />
      )}
      <Target output={output} />
      <Skipped output={output} />
      {total > 0 ? (
        <>
          <div className="row no-print">
            <span className="dim">Grouped by</span>
            <SegmentedControl
              aria-label="Group findings by"
              value={by}
              onChange={(value) => setBy(GROUPINGS.find((one) => one === value) ?? "rule")}
              data={[...GROUPINGS]}
            />
          </div>
          {grouped(output.findings, by).map(([name, findings]) => (
            <FindingGroup key={name} name={name} by={by} findings={findings} />
          ))}
        </>
      ) : null}
      {output.findings_omitted > 0 ? (
        <p className="dim">{output.findings_omitted.toLocaleString("en")} more are in the SARIF report.</p>
      ) : null}
    </div>
  );
}

function SeverityCounts({ output }: { output: ScanOutput }) {
  return (
    <div className="row">
      {SEVERITIES.map((severity) => (
        <span
          key={severity}
          className="severity"
          data-severity={severity}
          data-none={output.counts[severity] === 0 || undefined}
        >
          <strong className="number">{output.counts[severity].toLocaleString("en")}</strong> {severity}
        </span>
      ))}
    </div>
  );
}

function Target({ output: { target, scanners } }: { output: ScanOutput }) {
  const { type, ...place } = target;
  const idle = scanners.filter(({ ran: did }) => !did);
  return (
    <p className="dim target">
      {type}:{" "}
      {Object.values(place)
        .filter((value) => value !== null)
        .map((value) => plainText(value))
        .join(" ")}
      {" · "}
      {scanners
        .filter(({ ran: did }) => did)
        .map(({ name, version }) => (version ? `${name} ${version}` : name))
        .join(", ")}
      {idle.length > 0
        ? ` · did not run: ${idle.map(({ name, why }) => (why ? `${name} (${why})` : name)).join(", ")}`
        : ""}
    </p>
  );
}

function ran({ scanners }: ScanOutput): string {
  return scanners
    .filter(({ ran: did }) => did)
    .map(({ name }) => name)
    .join(" and ");
}

function Skipped({ output: { files_skipped } }: { output: ScanOutput }) {
  if (files_skipped.length === 0) return null;
  const total = files_skipped.reduce((sum, { count }) => sum + count, 0);
  return (
    <details>
      <summary>
        {total.toLocaleString("en")} {total === 1 ? "file" : "files"} skipped, and why
      </summary>
      <ul className="skipped">
        {files_skipped.map(({ reason, count, examples }) => (
          <li key={reason}>
            <strong className="number">{count.toLocaleString("en")}</strong> {reason.replaceAll("_", " ")}{" "}
            <span className="mono dim">{examples.map(plainText).join(", ")}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
