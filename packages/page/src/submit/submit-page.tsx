import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { jobQuery, kindsQuery } from "../api/queries.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { usePageTitle } from "../shell/page-title.js";
import { type Schema, toDraft } from "./schema.js";
import { SubmitForm } from "./submit-form.js";
import "./submit.css";

/** A list of all kinds of jobs, to choose one. */
export function KindsPage() {
  const { data, error, refetch } = useQuery(kindsQuery);
  usePageTitle("Submit");
  return (
    <>
      <div className="page-head">
        <h1>Submit a job</h1>
      </div>
      {error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
      <div className="kinds">
        {data?.map(({ kind, description, queue }) => (
          <Link key={kind} to="/submit/$kind" params={{ kind }} className="panel kind">
            <strong>{kind}</strong>
            <span>{description}</span>
            <span className="dim">queue {queue}</span>
          </Link>
        ))}
      </div>
    </>
  );
}

/** The form of one kind, made from the schema of its input. `from` is the id of a job to copy. */
export function SubmitPage() {
  const { kind } = useParams({ from: "/submit/$kind" });
  const { from } = useSearch({ from: "/submit/$kind" });
  const kinds = useQuery(kindsQuery);
  const copied = useQuery({ ...jobQuery(from ?? ""), enabled: from !== undefined });
  usePageTitle(`Submit ${kind}`);
  const found = kinds.data?.find((one) => one.kind === kind);
  if (kinds.error && !found) return <ProblemPanel error={kinds.error} onRetry={() => void kinds.refetch()} />;
  if (!kinds.data || (from && !copied.data && !copied.error)) return null;
  if (!found)
    return (
      <div className="panel empty">
        <h1>No such kind</h1>
        <Link to="/submit">See all kinds</Link>
      </div>
    );
  // A kind may be known only by its name.
  const schema = (found.input_schema ?? {}) as Schema;
  return (
    <div className="submit">
      <div className="page-head">
        <h1>Submit {kind}</h1>
        <span className="dim">{found.description}</span>
      </div>
      {copied.error ? <ProblemPanel error={copied.error} /> : null}
      <SubmitForm
        key={`${kind} ${from}`}
        kind={kind}
        schema={schema}
        start={toDraft(schema, copied.data?.input)}
      />
    </div>
  );
}
