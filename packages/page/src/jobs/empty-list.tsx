import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

interface EmptyListProps {
  readonly filtered: boolean;
  onClear(): void;
}

/** Why there is nothing to see, and what to do about it. */
export function EmptyList({ filtered, onClear }: EmptyListProps) {
  const navigate = useNavigate();
  if (filtered)
    return (
      <div className="panel empty">
        <h2>No job matches these filters</h2>
        <Button
          variant="default"
          onClick={() => {
            onClear();
            void navigate({ to: "/jobs", search: {} });
          }}
        >
          Clear all filters
        </Button>
      </div>
    );
  const body = `{"kind":"scan","input":{"path":"."}}`;
  return (
    <div className="panel empty">
      <h2>No jobs yet</h2>
      <p className="dim">
        Everything that is submitted shows here at once, and stays with its whole history.
      </p>
      <Button onClick={() => void navigate({ to: "/submit/$kind", params: { kind: "scan" } })}>
        Scan a folder
      </Button>
      <pre className="code">{`lockstep scan . --wait\n\ncurl ${window.location.origin}/api/jobs -H 'content-type: application/json' -d '${body}'`}</pre>
    </div>
  );
}
