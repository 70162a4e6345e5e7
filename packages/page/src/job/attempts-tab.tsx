import { useQuery } from "@tanstack/react-query";
import { attemptsQuery } from "../api/queries.js";
import { Ago, Lasted } from "../clock/time.js";
import type { KnownJob } from "../live/version-store.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { plainText } from "../text/plain-text.js";

/** Every attempt of the job, how it ended, and results that came too late. */
export function AttemptsTab({ job }: { job: KnownJob }) {
  const { data, error, refetch } = useQuery(attemptsQuery(job.id));
  if (!data) return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null;
  if (data.attempts.length === 0) return <p className="dim">No worker has claimed this job yet.</p>;
  return (
    <div className="stack">
      {data.attempts.map((one) => (
        <div key={one.attempt} className="attempt">
          <div className="row">
            <h3>Attempt {one.attempt}</h3>
            <span>{one.outcome ?? "running"}</span>
            <span className="dim">
              began <Ago at={one.started_at} />, <Lasted from={one.started_at} to={one.ended_at} />
            </span>
            <span className="mono dim">worker {one.worker_id}</span>
          </div>
          {one.error ? <pre className="code">{plainText(errorText(one.error))}</pre> : null}
        </div>
      ))}
      {data.late_results.map((late) => (
        <div key={`${late.attempt} ${late.received_at}`} className="attempt">
          <div className="row">
            <h3>Late result of attempt {late.attempt}</h3>
            <span className="dim">
              arrived <Ago at={late.received_at} />; the job had been taken from it
            </span>
          </div>
          <pre className="code">{plainText(JSON.stringify(late.outcome, null, 2))}</pre>
        </div>
      ))}
    </div>
  );
}

interface ShownError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | null | undefined;
}

/** Most stacks begin with the error's message, which is then shown only once. */
function errorText({ name, message, stack }: ShownError): string {
  const words = `${name}: ${message}`;
  if (!stack) return words;
  return stack.startsWith(words) ? stack : `${words}\n\n${stack}`;
}
