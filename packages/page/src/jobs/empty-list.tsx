import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { KindPage } from "../kinds/kind-page.js";
import { useBeginning } from "../kinds/registry.js";

interface EmptyListProps {
  readonly filtered: boolean;
  onClear(): void;
}

/** Why the list is empty, and what to do about it. */
export function EmptyList({ filtered, onClear }: EmptyListProps) {
  const navigate = useNavigate();
  const beginning = useBeginning("firstJob");
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
  return (
    <div className="panel empty">
      <h2>No jobs yet</h2>
      <p className="dim">Every submitted job appears here at once and stays with its whole history.</p>
      {beginning ? (
        <>
          <Button onClick={() => void navigate({ to: "/submit/$kind", params: { kind: beginning.kind } })}>
            {beginning.first.label}
          </Button>
          <pre className="code">{commands(beginning.kind, beginning.first)}</pre>
        </>
      ) : null}
    </div>
  );
}

function commands(kind: string, { command, input }: NonNullable<KindPage["firstJob"]>): string {
  const body = JSON.stringify({ kind, input });
  const call = `curl ${window.location.origin}/api/jobs -H 'content-type: application/json' -d '${body}'`;
  return `${command}\n\n${call}`;
}
