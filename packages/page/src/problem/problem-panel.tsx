import { Button } from "@mantine/core";
import { ApiProblem } from "../api/problem.js";
import "./problem.css";

/** What went wrong, in the server's words, with the request id for support and a retry button. */
export function ProblemPanel({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <div className="problem" role="alert">
      <strong>{problem?.title ?? "The server does not answer"}</strong>
      <p>{error.message}</p>
      {problem && problem.issues.length > 0 ? (
        <ul>
          {problem.issues.slice(0, 10).map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <code>{pointer || "/"}</code> {detail}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="row">
        {onRetry ? (
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
        {problem?.code ? <a href={`/docs/errors#${problem.code}`}>{problem.code}</a> : null}
        {problem?.requestId ? <span className="dim mono">request {problem.requestId}</span> : null}
      </div>
    </div>
  );
}
