import { useQuery } from "@tanstack/react-query";
import { workersQuery } from "../api/queries.js";
import { Ago } from "../clock/time.js";

const EVERY_MS = 5_000;

/** The workers, with the age of their last heartbeat and the slots in use. */
export function WorkerTable() {
  const { data } = useQuery({ ...workersQuery, refetchInterval: EVERY_MS });
  const workers = data?.workers ?? [];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>Workers</h2>
      </div>
      {workers.length === 0 ? (
        <p className="panel-body dim">No worker is registered. Start one: lockstep worker</p>
      ) : (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th>Worker</th>
                <th>Status</th>
                <th className="right">Slots in use</th>
                <th className="right">Last heartbeat</th>
                <th>Started</th>
                <th>Queues</th>
                <th>Kinds</th>
              </tr>
            </thead>
            <tbody>
              {workers.map((worker) => (
                <tr key={worker.id}>
                  <td title={worker.id}>
                    {worker.name} <span className="dim">{`${worker.host}, pid ${worker.pid}`}</span>
                  </td>
                  <td>{worker.live ? (worker.draining ? "draining" : "live") : "silent"}</td>
                  <td className="right">
                    {worker.running} of {worker.concurrency}
                  </td>
                  <td className="right">{worker.heartbeat_age_seconds.toFixed(1)} s ago</td>
                  <td>
                    <Ago at={worker.started_at} />
                  </td>
                  <td>{worker.queues.length === 0 ? "all" : worker.queues.join(", ")}</td>
                  <td>{worker.kinds.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
