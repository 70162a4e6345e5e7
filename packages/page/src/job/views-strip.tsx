import { useQuery } from "@tanstack/react-query";
import { viewsQuery } from "../api/queries.js";
import { Ago, Lasted } from "../clock/time.js";
import { StatusBadge } from "../status/status-badge.js";

const NAMES = { ledger: "Ledger", redis: "Redis", bullmq: "BullMQ" } as const;
const EVERY_MS = 3_000;

type Views = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof viewsQuery>["queryFn"]>>>>;
type View = Views["views"][number];

/** Every view of this job's status, side by side, and whether they agree. */
export function ViewsStrip({ id, version }: { id: string; version: number }) {
  const { data } = useQuery({ ...viewsQuery(id), refetchInterval: EVERY_MS });
  if (!data) return <div className="panel views views-empty" aria-hidden="true" />;
  return (
    <section className="panel views" aria-label="Views of this job" data-agree={String(data.agree)}>
      {data.views.map((view) => (
        <div className="view" key={view.name} data-view={view.name}>
          <span className="dim">{NAMES[view.name]}</span>
          <Shown view={view} />
        </div>
      ))}
      <Verdict views={data} version={version} />
    </section>
  );
}

function Shown({ view: { name, status, word, version, why, as_of } }: { view: View }) {
  if (status === null)
    return (
      <>
        <StatusBadge fact={null} />
        {why ? <span className="dim">{why}</span> : null}
      </>
    );
  const source = name === "ledger" ? "ledger" : "cache";
  return (
    <>
      <StatusBadge fact={{ status, version, source, as_of }} word={word} />
      {version === null ? null : (
        <span className="dim number">
          v{version}
          {source === "ledger" ? (
            <>
              , <Ago at={as_of} />
            </>
          ) : null}
        </span>
      )}
    </>
  );
}

function Verdict({ views: { agree, views, disagree_since }, version }: { views: Views; version: number }) {
  if (agree === true) return <strong className="agree">all agree</strong>;
  if (agree === null)
    return (
      <strong className="dim">{views.length < 2 ? "the only view" : "not all views can be read"}</strong>
    );
  const [truth] = views;
  const other = views.find((view) => view.status !== null && view.name !== "ledger" && !says(view, truth));
  const behind = other?.version != null && other.version < version;
  return (
    <strong className="disagree">
      {other ? `${NAMES[other.name]} ${behind ? "is behind" : "disagrees"}` : "they disagree"}
      {disagree_since ? (
        <>
          , for <Lasted from={disagree_since} to={null} />
        </>
      ) : null}
    </strong>
  );
}

function says({ status, version }: View, truth: View | undefined): boolean {
  return status === truth?.status && (version === null || version === truth.version);
}
