import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { spanText } from "../clock/span.js";
import { Ago, useNow } from "../clock/time.js";
import { checksQuery, latestDone } from "../doctor/doctor-data.js";
import { useHealth } from "../live/health.js";

/** The dependencies of the system and their health. */
export function HealthLine() {
  const health = useHealth();
  const now = useNow();
  if (!health) return <section className="panel health" aria-label="Health" />;
  const workers = health.workersLive;
  return (
    <section className="panel health" aria-label="Health">
      <Part name="API" up={health.server === "up"}>
        {health.server === "up" ? `version ${health.version}` : "does not answer"}
      </Part>
      {health.dependencies.map(({ name, status, since, latency_ms }) => (
        <Part key={name} name={name === "database" ? "Database" : "Redis"} up={status === "up"}>
          {status} for {spanText(Math.max(1_000, now - Date.parse(since)))}
          {latency_ms === null ? "" : `, answers in ${latency_ms} ms`}
        </Part>
      ))}
      <Part name="Workers" up={workers !== 0}>
        {workers === null ? "unknown" : workers === 0 ? "no live worker: nothing runs" : `${workers} live`}
      </Part>
      <DriftPart />
    </section>
  );
}

/** The doctor's last result. A server without a doctor shows nothing here. */
function DriftPart() {
  const { data } = useQuery(checksQuery);
  if (!data) return null;
  const { summary } = latestDone(data.checks) ?? {};
  const drift = summary?.drifting ?? 0;
  return (
    <Part name="Doctor" up={summary ? summary.verdict === "clean" : null}>
      <Link to="/doctor">
        {!summary
          ? "no check yet"
          : summary.verdict === "unknown"
            ? "could not read everything"
            : `${drift.toLocaleString("en")} in drift`}
      </Link>
      {summary ? (
        <>
          , checked <Ago at={summary.started_at} />
        </>
      ) : null}
    </Part>
  );
}

interface PartProps {
  readonly name: string;
  /** null: not checked yet. */
  readonly up: boolean | null;
  readonly children: ReactNode;
}

function Part({ name, up, children }: PartProps) {
  return (
    <div className="health-part" data-up={String(up)}>
      <span className="health-mark" aria-hidden="true">
        {up === null ? "–" : up ? "✓" : "!"}
      </span>
      <span>
        <strong>{name}</strong> <span className="dim">{children}</span>
      </span>
    </div>
  );
}
