import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Ago } from "../clock/time.js";
import { useMay } from "../session/session.js";
import { runsQuery } from "./doctor-data.js";
import { UndoDialog } from "./undo-dialog.js";

/** Everything the doctor has written here, and a way to undo it. */
export function History() {
  const { data } = useQuery(runsQuery);
  const [undoing, setUndoing] = useState<string | null>(null);
  const may = useMay("operate");
  if (!data || data.runs.length === 0) return null;
  const undone = new Set(data.runs.filter(({ kind }) => kind === "undo").map(({ of }) => of));
  return (
    <section className="panel" aria-label="History">
      <div className="panel-head">
        <h2>History</h2>
      </div>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>When</th>
              <th>What</th>
              <th className="right">Written</th>
              <th className="right">Changed since</th>
              <th className="right">Refused</th>
              <th>Ended</th>
              <th className="right">Undo</th>
            </tr>
          </thead>
          <tbody>
            {data.runs.map((run) => (
              <tr key={run.id} data-run={run.kind}>
                <td>
                  <Ago at={run.started_at} />
                </td>
                <td>
                  {run.kind === "apply" ? "Applied plan" : "Undid run"}{" "}
                  <span className="mono dim" title={run.of}>
                    {run.of.slice(-12)}
                  </span>
                </td>
                <td className="right">{run.written.toLocaleString("en")}</td>
                <td className="right">{run.changed.toLocaleString("en")}</td>
                <td className="right">{run.refused.toLocaleString("en")}</td>
                <td>{run.reason ?? "running or interrupted"}</td>
                <td className="right">
                  {run.kind === "undo" || run.written === 0 ? (
                    ""
                  ) : undone.has(run.id) ? (
                    <span className="dim">undone</span>
                  ) : may ? (
                    <button type="button" className="link" onClick={() => setUndoing(run.id)}>
                      Undo...
                    </button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {undoing ? <UndoDialog run={undoing} onClose={() => setUndoing(null)} /> : null}
    </section>
  );
}
