import { Button, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { serverClock } from "../clock/server-clock.js";
import { useLedgerReachable } from "../live/health.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { useMay } from "../session/session.js";
import { type BulkAction, countMatching, frozenFilter } from "./bulk-run.js";
import type { JobSearch } from "./job-filter.js";
import type { JobList } from "./job-list.js";
import { RunningBulk, useBulk } from "./running-bulk.js";

interface BulkBarProps {
  readonly search: JobSearch;
  readonly list: JobList;
  readonly selected: ReadonlySet<string>;
  onDone(): void;
}

interface BulkRequest {
  readonly action: BulkAction;
  readonly filter: JobSearch | null;
}

const VERBS = { cancel: "Cancel", retry: "Retry" } as const;

/**
 * Cancels or retries the selected jobs, or all that match, after a confirmation that shows the
 * number.
 */
export function BulkBar({ search, list, selected, onDone }: BulkBarProps) {
  const [asked, setAsked] = useState<BulkRequest | null>(null);
  const client = useQueryClient();
  const reachable = useLedgerReachable();
  const mayOperate = useMay("operate");
  const bulk = useBulk(() => {
    onDone();
    void client.invalidateQueries({ queryKey: ["jobs"] });
  });
  if (bulk.run) return <RunningBulk bulk={bulk} />;
  if (!mayOperate || (selected.size === 0 && !asked)) return null;
  const total =
    list.total === null ? "" : list.total >= 10_000 ? "10,000+ " : `${list.total.toLocaleString("en")} `;
  const ask = (action: BulkAction, all: boolean) => {
    const before = new Date(serverClock.now()).toISOString();
    setAsked({ action, filter: all ? frozenFilter(action, search, before) : null });
  };
  return (
    <section className="bulk" aria-label="Selected jobs">
      <strong className="number">{selected.size} selected</strong>
      {(["cancel", "retry"] as const).map((action) => (
        <Button key={action} variant="light" disabled={!reachable} onClick={() => ask(action, false)}>
          {VERBS[action]} selected
        </Button>
      ))}
      <span className="dim">or all {total}matching:</span>
      {(["cancel", "retry"] as const).map((action) => (
        <Button
          key={action}
          variant="default"
          disabled={!reachable || frozenFilter(action, search, "9") === null}
          onClick={() => ask(action, true)}
        >
          {VERBS[action]} all matching
        </Button>
      ))}
      <Button variant="subtle" onClick={onDone}>
        Clear selection
      </Button>
      {asked ? (
        <Confirm
          asked={asked}
          selected={selected}
          onClose={() => setAsked(null)}
          onConfirm={(count) => {
            setAsked(null);
            bulk.start(asked.action, asked.filter ?? [...selected], count);
          }}
        />
      ) : null}
    </section>
  );
}

interface ConfirmProps {
  readonly asked: BulkRequest;
  readonly selected: ReadonlySet<string>;
  onClose(): void;
  onConfirm(count: number): void;
}

function Confirm({ asked: { action, filter }, selected, onClose, onConfirm }: ConfirmProps) {
  const counted = useQuery({
    queryKey: ["bulk-count", JSON.stringify(filter)],
    queryFn: () => (filter ? countMatching(filter) : selected.size),
    staleTime: 0,
    gcTime: 0,
  });
  const count = counted.data;
  const words = count === undefined ? "…" : count >= 10_000 ? "10,000 or more" : count.toLocaleString("en");
  return (
    <Modal opened onClose={onClose} title={`${VERBS[action]} ${words} ${count === 1 ? "job" : "jobs"}?`}>
      <div className="stack">
        <p className="dim">
          {filter
            ? `Every job that matches the filter now and is ${filter.status?.replace(",", " or ")}. Jobs created from now on are left alone.`
            : "The selected jobs. Jobs that have changed meanwhile are skipped and counted."}
        </p>
        {counted.error ? <ProblemPanel error={counted.error} onRetry={() => void counted.refetch()} /> : null}
        <div className="row">
          <Button
            color={action === "cancel" ? "red" : "blue"}
            disabled={!count}
            onClick={() => onConfirm(count ?? 0)}
          >
            {VERBS[action]} {words}
          </Button>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep them as they are
          </Button>
        </div>
      </div>
    </Modal>
  );
}
