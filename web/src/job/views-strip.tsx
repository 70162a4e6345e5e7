import { useQuery } from "@tanstack/react-query";
import { viewsQuery } from "../api/questions.js";
import { Ago } from "../clock/time.js";
import { StatusBadge } from "../status/status-badge.js";

const NAMES = { ledger: "Ledger", redis: "Redis" } as const;
const EVERY_MS = 3_000;

/** Every place that shows this job's status, side by side, and whether they agree. */
export function ViewsStrip({ id, version }: { id: string; version: number }) {
  const { data } = useQuery({ ...viewsQuery(id), refetchInterval: EVERY_MS });
  if (!data) return <div className="panel views views-empty" aria-hidden="true" />;
  return (
    <section className="panel views" aria-label="Views of this job" data-agree={String(data.agree)}>
      {data.views.map((view) => (
        <div className="view" key={view.name} data-view={view.name}>
          <span className="dim">{NAMES[view.name]}</span>
          {view.status === null || view.version === null ? (
            <StatusBadge fact={null} />
          ) : (
            <>
              <StatusBadge
                fact={{
                  status: view.status,
                  version: view.version,
                  source: view.name === "ledger" ? "ledger" : "cache",
                  as_of: view.as_of,
                }}
              />
              <span className="dim number">
                v{view.version}, <Ago at={view.as_of} />
              </span>
            </>
          )}
        </div>
      ))}
      <strong className={data.agree === false ? "disagree" : "dim"}>{verdict(data, version)}</strong>
    </section>
  );
}

function verdict(
  { agree, views }: { agree: boolean | null; views: readonly { name: string; version: number | null }[] },
  version: number,
): string {
  if (agree === true) return "all agree";
  if (agree === null) return views.length < 2 ? "the only view" : "not all views can be read";
  const behind = views.find((view) => view.version !== null && view.version < version);
  return behind ? `${behind.name} is behind` : "they disagree";
}
