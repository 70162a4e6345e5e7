import { absoluteText } from "../clock/span.js";
import type { Check } from "./doctor-data.js";

const WIDTH = 240;
const HEIGHT = 28;

/**
 * Jobs in drift over the checks since the server started, one line for each pattern that was ever
 * found.
 */
export function Trend({ checks }: { checks: readonly Check[] }) {
  const done = checks.filter(({ summary }) => summary !== null).reverse();
  const patterns = [...new Set(done.flatMap(({ cells }) => cells.map(({ pattern }) => pattern)))].sort();
  const [first] = done;
  if (done.length < 2 || !first) return null;
  return (
    <section className="panel" aria-label="Trend">
      <div className="panel-head">
        <h2>Trend</h2>
        <span className="dim">
          {done.length} checks since <span title={absoluteText(first.started_at)}>{timeOf(first)}</span>
        </span>
      </div>
      {patterns.length === 0 ? (
        <p className="panel-body dim">No check found any drift.</p>
      ) : (
        <table className="table trend">
          <thead>
            <tr>
              <th>Pattern</th>
              <th>Jobs in drift</th>
              <th className="right">Most</th>
              <th className="right">Now</th>
            </tr>
          </thead>
          <tbody>
            {patterns.map((pattern) => (
              <Row key={pattern} pattern={pattern} counts={done.map((check) => countOf(check, pattern))} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ pattern, counts }: { pattern: string; counts: readonly number[] }) {
  const most = Math.max(...counts);
  const step = WIDTH / Math.max(1, counts.length - 1);
  const points = counts
    .map((count, index) => `${index * step},${HEIGHT - 2 - (count / Math.max(1, most)) * (HEIGHT - 4)}`)
    .join(" ");
  return (
    <tr>
      <td className="mono">{pattern}</td>
      <td>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <polyline points={points} />
        </svg>
        <span className="visually-hidden">{counts.join(", ")}</span>
      </td>
      <td className="right">{most.toLocaleString("en")}</td>
      <td className="right">{(counts.at(-1) ?? 0).toLocaleString("en")}</td>
    </tr>
  );
}

function countOf({ cells }: Check, pattern: string): number {
  return cells.filter((cell) => cell.pattern === pattern).reduce((sum, { jobs }) => sum + jobs, 0);
}

function timeOf({ started_at }: Check): string {
  return new Date(started_at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
