import { useQuery } from "@tanstack/react-query";
import { explainQuery } from "../api/queries.js";
import { Moment } from "../clock/time.js";
import { plainText } from "../text/plain-text.js";

const EVERY_MS = 5_000;
/** A moment as the server writes it. */
const MOMENT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** Why the job has its status: one sentence with its evidence. */
export function ExplainPanel({ id }: { id: string }) {
  const { data } = useQuery({ ...explainQuery(id), refetchInterval: EVERY_MS });
  if (!data) return <div className="panel why" aria-hidden="true" />;
  const shown = data.evidence.filter(({ value }) => value !== null && value !== "");
  return (
    <section className="panel why" aria-label="Why it has this status">
      <details>
        <summary>
          <span className="why-sentence">
            <Sentence text={plainText(data.summary)} />
          </span>
          <span className="link">Evidence</span>
        </summary>
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

/** The server's sentence, with its times in the reader's time zone. */
function Sentence({ text }: { text: string }) {
  // Every second part is a match of the expression.
  return text.split(MOMENT).map((part, place) => (place % 2 === 1 ? <Moment key={part} at={part} /> : part));
}
