import type { ReactNode } from "react";
import { spanText } from "../clock/span.js";
import { useNow } from "../clock/time.js";
import { useHealth } from "../live/health.js";

/** What the system stands on, and whether it stands. */
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
        {workers === null ? "unknown" : workers === 0 ? "none is live: nothing runs" : `${workers} live`}
      </Part>
    </section>
  );
}

function Part({ name, up, children }: { name: string; up: boolean; children: ReactNode }) {
  return (
    <div className="health-part" data-up={up}>
      <span className="health-mark" aria-hidden="true">
        {up ? "✓" : "!"}
      </span>
      <span>
        <strong>{name}</strong> <span className="dim">{children}</span>
      </span>
    </div>
  );
}
