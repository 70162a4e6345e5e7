import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, dataOf } from "../api/client.js";
import { Ago } from "../clock/time.js";
import { useLedgerReachable } from "../live/health.js";
import { useMay } from "../session/session.js";

interface Queue {
  readonly queue: string;
  readonly paused_at: string | null;
  readonly pending: number;
  readonly delayed: number;
  readonly running: number;
  readonly capped: boolean;
  readonly oldest_ready_at: string | null;
  readonly workers: number;
}

export function QueueTable({ queues }: { queues: readonly Queue[] }) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Queues</h2>
      </div>
      {queues.length === 0 ? (
        <p className="panel-body dim">No queue has held a job yet.</p>
      ) : (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th>Queue</th>
                <th className="right">Waiting</th>
                <th className="right">Not due</th>
                <th className="right">Running</th>
                <th>Oldest waiting</th>
                <th className="right">Workers</th>
                <th className="right">Status</th>
              </tr>
            </thead>
            <tbody>
              {queues.map((queue) => (
                <Row key={queue.queue} queue={queue} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ queue }: { queue: Queue }) {
  const more = (count: number) => (queue.capped && count >= 10_000 ? "10,000+" : count.toLocaleString("en"));
  return (
    <tr>
      <td>
        <Link to="/jobs" search={{ queue: queue.queue }}>
          {queue.queue}
        </Link>
      </td>
      <td className="right">{more(queue.pending)}</td>
      <td className="right">{more(queue.delayed)}</td>
      <td className="right">{more(queue.running)}</td>
      <td>
        <Ago at={queue.oldest_ready_at} />
      </td>
      <td className="right">
        {queue.workers === 0 ? <strong className="disagree">no worker</strong> : queue.workers}
      </td>
      <td className="right">
        <PauseButton queue={queue} />
      </td>
    </tr>
  );
}

function PauseButton({ queue: { queue, paused_at } }: { queue: Queue }) {
  const client = useQueryClient();
  const may = useMay("operate");
  const reachable = useLedgerReachable();
  const change = useMutation({
    mutationFn: () => {
      const params = { path: { queue } };
      return dataOf(
        paused_at
          ? api.POST("/api/queues/{queue}/resume", { params })
          : api.POST("/api/queues/{queue}/pause", { params }),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["queues"] }),
  });
  const state = paused_at ? "paused" : "active";
  if (!may) return <span className="dim">{state}</span>;
  return (
    <span className="row right-row">
      <span className="dim">{state}</span>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`${paused_at ? "Resume" : "Pause"} ${queue}`}
        disabled={!reachable || change.isPending}
        onClick={() => change.mutate()}
      >
        {paused_at ? "Resume" : "Pause"}
      </Button>
    </span>
  );
}
