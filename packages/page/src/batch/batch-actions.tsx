import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, dataOf } from "../api/client.js";
import { useLedgerReachable } from "../live/health.js";
import { useMay } from "../session/session.js";
import { type Batch, isOpen } from "./batch-data.js";

type Action = "cancel" | "retry";

const ACTIONS = {
  cancel: { verb: "Cancel", going: "Cancelling...", colour: "red" },
  retry: { verb: "Retry", going: "Retrying...", colour: "blue" },
} as const;

/** Changes the whole batch, after a confirmation that shows the number of jobs. */
export function BatchActions({ batch }: { batch: Batch }) {
  const [asked, setAsked] = useState<Action | null>(null);
  const reachable = useLedgerReachable();
  const change = useChange(batch.id);
  const { pending, running, failed, cancelled } = batch.counts;
  const counts = { cancel: pending + running, retry: Math.max(0, failed + cancelled) };
  if (!useMay("operate")) return null;
  const button = (action: Action) => {
    const isGoing = change.isPending && change.variables === action;
    return (
      <Button
        variant={action === "cancel" ? "light" : "default"}
        color={ACTIONS[action].colour}
        disabled={!reachable || change.isPending || counts[action] === 0}
        onClick={() => setAsked(action)}
      >
        {isGoing ? ACTIONS[action].going : label(action, counts[action])}
      </Button>
    );
  };
  return (
    <div className="job-actions no-print">
      <div className="row">
        {isOpen(batch) ? button("cancel") : null}
        {counts.retry > 0 ? button("retry") : null}
      </div>
      <div role="status" className={change.error ? "refusal" : "dim"} data-changed={change.data?.changed}>
        {change.error?.message ?? (change.data ? changedText(change.data.changed) : "")}
      </div>
      {asked ? (
        <Confirm
          action={asked}
          count={counts[asked]}
          onClose={() => setAsked(null)}
          onConfirm={() => {
            setAsked(null);
            change.mutate(asked);
          }}
        />
      ) : null}
    </div>
  );
}

function useChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: Action) => {
      const params = { path: { id } };
      return action === "cancel"
        ? dataOf(api.POST("/api/batches/{id}/cancel", { params }))
        : dataOf(api.POST("/api/batches/{id}/retry", { params }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["batch", id] }),
  });
}

interface ConfirmProps {
  readonly action: Action;
  readonly count: number;
  onClose(): void;
  onConfirm(): void;
}

function Confirm({ action, count, onClose, onConfirm }: ConfirmProps) {
  return (
    <Modal opened onClose={onClose} title={`${label(action, count)}?`}>
      <div className="stack">
        <p className="dim">
          {action === "cancel"
            ? "Pending jobs are cancelled at once, and running jobs are asked to stop. A job that completes first stays completed."
            : "Every job that failed or was cancelled is retried. Its earlier attempts stay recorded."}
        </p>
        <div className="row">
          <Button color={ACTIONS[action].colour} onClick={onConfirm}>
            {label(action, count)}
          </Button>
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave them as they are
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function label(action: Action, count: number): string {
  return `${ACTIONS[action].verb} ${count.toLocaleString("en")} ${count === 1 ? "job" : "jobs"}`;
}

function changedText(changed: number): string {
  return `${changed.toLocaleString("en")} changed`;
}
