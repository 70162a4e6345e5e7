import { Link } from "@tanstack/react-router";
import { plainText } from "../text/plain-text.js";
import { ACTIONS, type Plan } from "./doctor-data.js";

/**
 * Every repair as a diff: the current value, the planned value, and where the planned value comes
 * from.
 */
export function PlanDiff({ items }: { items: Plan["items"] }) {
  return (
    <ol className="diff" aria-label="Repairs">
      {items.map(({ id, pattern, view, action, changes }) => (
        <li key={`${view} ${id}`} data-repair={id}>
          <div className="diff-head">
            <Link to="/jobs/$id" params={{ id }} className="mono">
              {id}
            </Link>
            <span className="dim">
              {pattern} · {ACTIONS[action].toLowerCase()} in {view}
            </span>
          </div>
          {changes.map(({ field, from, to, source }) => (
            <div key={field} className="mono diff-lines">
              {from === null ? null : (
                <Line type="del">
                  {view}.{field}: {plainText(from)}
                </Line>
              )}
              <Line type="ins" note={`from ${plainText(source)}`}>
                {view}.{field}: {plainText(to ?? "none")}
              </Line>
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Line({
  type: Kind,
  note,
  children,
}: {
  type: "del" | "ins";
  note?: string;
  children: React.ReactNode;
}) {
  return (
    <Kind className="diff-line">
      <span aria-hidden="true" className="diff-sign">
        {Kind === "del" ? "−" : "+"}
      </span>
      <span className="grow">{children}</span>
      {note ? <span className="diff-note">{note}</span> : null}
    </Kind>
  );
}
