import { Ago } from "../clock/time.js";
import { plainText } from "../text/plain-text.js";
import { type Check, latestDone } from "./doctor-data.js";

type Summary = NonNullable<Check["summary"]>;

/** The result of the latest check in plain words, also when it found nothing wrong. */
export function LastCheck({ checks }: { checks: readonly Check[] }) {
  const [newest] = checks;
  const latest = latestDone(checks);
  const { summary } = latest ?? {};
  return (
    <section className="panel check" aria-label="Last check" data-verdict={summary?.verdict ?? "none"}>
      {newest?.status === "running" ? <UnderWay check={newest} /> : null}
      {newest?.status === "failed" ? (
        <p className="disagree">The last check failed: {plainText(newest.error ?? "")}</p>
      ) : null}
      {summary ? (
        <Verdict summary={summary} />
      ) : newest?.status === "running" ? null : (
        <div>
          <h2>No check yet</h2>
          <p className="dim">
            With Redis the server checks every five minutes. Check now with the button above, or with{" "}
            <code>lockstep doctor check</code>.
          </p>
        </div>
      )}
    </section>
  );
}

function UnderWay({ check: { progress } }: { check: Check }) {
  const done = progress?.done ?? 0;
  return (
    <div className="row" role="status">
      <progress value={progress?.total ? done : undefined} max={progress?.total ?? 1} aria-label="Check" />
      <span className="number">
        {done.toLocaleString("en")} read, {(progress?.drifting ?? 0).toLocaleString("en")} in drift
        {progress && progress.open > 0 ? `, ${progress.open} waiting for a second read` : ""}
      </span>
    </div>
  );
}

const SIGNS = { clean: "✓", drift: "!", unknown: "?" } as const;

function Verdict({ summary }: { summary: Summary }) {
  const { verdict, views, compared, settling, seconds, started_at, record } = summary;
  const names = views.map(({ view }) => view);
  return (
    <div className="check-verdict">
      <span className="check-sign" aria-hidden="true">
        {SIGNS[verdict]}
      </span>
      <div className="grow">
        <h2>{headline(summary)}</h2>
        <p className="dim number">
          {compared.toLocaleString("en")} {compared === 1 ? "job" : "jobs"} compared in {seconds} s
          {settling > 0 ? `, ${settling} changed during the check` : ""} · record: {record}
          {names.length > 1 ? `, against ${names.filter((name) => name !== record).join(", ")}` : ""} ·{" "}
          <Ago at={started_at} />
        </p>
        <Doubts summary={summary} />
      </div>
    </div>
  );
}

function headline({ verdict, drifting, compared, views }: Summary): string {
  const jobs = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "job" : "jobs"}`;
  if (verdict === "unknown") return "Not everything could be read, so the result is unknown";
  if (verdict === "drift") return `${jobs(drifting)} in drift`;
  if (views.length < 2) return "Nothing to compare: the ledger is the only place that shows a status";
  return compared === 0 ? "No job to compare yet" : `No drift in ${jobs(compared)}`;
}

/** What makes the result uncertain, or keeps the doctor from planning. */
function Doubts({
  summary: { interrupted, brakes, unmapped, unreadable_jobs, unknown_jobs },
}: {
  summary: Summary;
}) {
  const lines = [
    ...(interrupted === null ? [] : [interrupted]),
    ...brakes.map((safetyStop) =>
      safetyStop.kind === "swapped"
        ? `In ${safetyStop.view} the words ${safetyStop.words.join(" and ")} look swapped: no repair is planned from them.`
        : `${safetyStop.drift} of ${safetyStop.compared} jobs differ, which is more than 30 %: no repair is planned until a person has reviewed them.`,
    ),
    ...unmapped.map(({ view, word, jobs }) => `${jobs} jobs in ${view} have the unknown word ${word}.`),
    ...(unreadable_jobs > 0 ? [`${unreadable_jobs} values cannot be understood.`] : []),
    ...(unknown_jobs > 0 ? [`${unknown_jobs} jobs could not be read.`] : []),
  ];
  return lines.map((line) => (
    <p key={line} className="disagree">
      {plainText(line)}
    </p>
  ));
}
