import { useQuery } from "@tanstack/react-query";
import { explainQuery } from "../api/questions.js";
import { plainText } from "../text/plain-text.js";

const EVERY_MS = 5_000;

/** Why the job is as it is: one sentence, and what it rests on. */
export function WhyPanel({ id }: { id: string }) {
  const { data } = useQuery({ ...explainQuery(id), refetchInterval: EVERY_MS });
  if (!data) return <div className="panel why" aria-hidden="true" />;
  const shown = data.evidence.filter(({ value }) => value !== null && value !== "");
  return (
    <section className="panel why" aria-label="Why it has this status">
      <p>{plainText(data.summary)}</p>
      <details>
        <summary>Evidence</summary>
        <dl className="evidence">
          {shown.map(({ name, value }) => (
            <div key={name}>
              <dt>{name.replaceAll("_", " ")}</dt>
              <dd className="mono">{typeof value === "string" ? plainText(value) : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
