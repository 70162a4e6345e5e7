import { useQuery } from "@tanstack/react-query";
import { latenciesQuery, queuesQuery, statsQuery } from "../api/queries.js";
import { TERMINAL_STATUSES } from "../api/words.js";
import { HealthLine } from "../overview/health-line.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { usePageTitle } from "../shell/page-title.js";
import "../overview/overview.css";
import { type Line, Plot } from "./plot.js";
import { QueueTable } from "./queue-table.js";
import "./system.css";
import { LivePlots } from "./live-plots.js";
import { WorkerTable } from "./worker-table.js";

const EVERY_MS = 5_000;

/** The system's work: health, the last hour, queues and workers. */
export function SystemPage() {
  const stats = useQuery({ ...statsQuery, refetchInterval: EVERY_MS });
  const latencies = useQuery({ ...latenciesQuery, refetchInterval: EVERY_MS });
  const queues = useQuery({ ...queuesQuery, refetchInterval: EVERY_MS });
  usePageTitle("System");
  const throughput = stats.data?.throughput ?? [];
  const minutes = latencies.data?.minutes ?? [];
  const error = stats.error ?? queues.error;
  return (
    <div className="stack">
      <div className="page-head overview-head">
        <h1>System</h1>
      </div>
      <HealthLine />
      {error ? <ProblemPanel error={error} onRetry={() => void stats.refetch()} /> : null}
      <div className="plots">
        <Plot
          title="Ended"
          unit="jobs per minute"
          times={throughput.map(({ minute }) => seconds(minute))}
          lines={TERMINAL_STATUSES.map((status) => ({
            label: status,
            colour: `--${status}`,
            values: throughput.map((minute) => minute[status]),
          }))}
        />
        {(["wait", "run"] as const).map((what) => (
          <Plot
            key={what}
            title={what === "wait" ? "Waited" : "Ran"}
            unit="seconds, of the jobs that ended in that minute"
            times={minutes.map(({ minute }) => seconds(minute))}
            lines={percentiles(minutes.map((minute) => minute[what]))}
          />
        ))}
        <LivePlots queues={queues.data} />
      </div>
      <QueueTable queues={queues.data?.queues ?? []} />
      <WorkerTable />
    </div>
  );
}

const SHARES = ["p50", "p95", "p99"] as const;
const COLOURS = ["--completed", "--running", "--failed"] as const;

function percentiles(rows: readonly (readonly number[])[]): readonly Line[] {
  return SHARES.map((label, index) => ({
    label,
    colour: COLOURS[index] ?? "--text",
    values: rows.map((row) => Math.round((row[index] ?? 0) * 1_000) / 1_000),
  }));
}

function seconds(at: string): number {
  return Date.parse(at) / 1_000;
}
