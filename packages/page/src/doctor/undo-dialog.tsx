import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, dataOf } from "../api/client.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { plainText } from "../text/plain-text.js";

const LISTED_MAX = 20;

interface UndoDialogProps {
  readonly run: string;
  onClose(): void;
}

/**
 * Checks first what can be restored, and shows why the rest cannot; writes only after a
 * confirmation.
 */
export function UndoDialog({ run, onClose }: UndoDialogProps) {
  const client = useQueryClient();
  const undo = (dryRun: boolean) =>
    dataOf(
      api.POST("/api/doctor/runs/{id}/undo", { params: { path: { id: run } }, body: { dry_run: dryRun } }),
    );
  const look = useQuery({ queryKey: ["doctor", "undo", run], queryFn: () => undo(true), gcTime: 0 });
  const write = useMutation({
    mutationFn: () => undo(false),
    // After an undo the last check is outdated: check again.
    onSuccess: () => dataOf(api.POST("/api/doctor/checks")),
    onSettled: () =>
      Promise.all(["runs", "checks"].map((part) => client.invalidateQueries({ queryKey: ["doctor", part] }))),
  });
  const error = look.error ?? write.error;
  const shown = write.data ?? look.data;
  return (
    <Modal opened onClose={onClose} title="Undo this run?" size="lg">
      <div className="stack">
        {error ? <ProblemPanel error={error} /> : null}
        {shown ? (
          <div role="status">
            <p data-undo={write.data ? "done" : "look"}>
              {write.data
                ? `${jobs(shown.undone)} put back`
                : shown.undone === 0
                  ? "Nothing can be put back"
                  : `${jobs(shown.undone)} can be put back as they were`}
              {shown.left.length > 0 ? `; ${jobs(shown.left.length)} cannot:` : "."}
            </p>
            <Left left={shown.left} />
          </div>
        ) : null}
        <div className="row">
          {write.data ? null : (
            <Button disabled={!look.data?.undone || write.isPending} onClick={() => write.mutate()}>
              {write.isPending ? "Putting back..." : `Put ${look.data?.undone ?? ""} back`}
            </Button>
          )}
          <Button variant="default" onClick={onClose} data-autofocus>
            {write.data ? "Close" : "Leave it as it is"}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function jobs(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "job" : "jobs"}`;
}

function Left({ left }: { left: readonly { id: string; view: string; why: string }[] }) {
  return (
    <ul className="left">
      {left.slice(0, LISTED_MAX).map(({ id, view, why }) => (
        <li key={id}>
          <Link to="/jobs/$id" params={{ id }} className="mono">
            {id.slice(-12)}
          </Link>{" "}
          in {view}: {plainText(why)}
        </li>
      ))}
      {left.length > LISTED_MAX ? <li className="dim">and {left.length - LISTED_MAX} more</li> : null}
    </ul>
  );
}
