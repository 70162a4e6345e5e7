import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, dataOf } from "../api/client.js";
import { isTerminal } from "../api/words.js";
import { useLedgerReachable } from "../live/health.js";
import { versions } from "../live/live.js";
import type { KnownJob } from "../live/version-store.js";
import { useMay } from "../session/session.js";
import { asCli, asCurl } from "./as-command.js";

/**
 * A badge changes only after the server confirms; until then the button shows that the request is
 * running.
 */
export function JobActions({ job }: { job: KnownJob }) {
  const reachable = useLedgerReachable();
  const mayOperate = useMay("operate");
  const cancel = useChange(job, "cancel");
  const retry = useChange(job, "retry");
  const ended = isTerminal(job.status);
  const cancelling = cancel.isPending || (job.status === "running" && job.cancel_requested_at !== null);
  return (
    <div className="job-actions no-print">
      <div className="row">
        {!mayOperate ? null : ended ? (
          <Button
            data-key="r"
            variant="default"
            disabled={!reachable || retry.isPending}
            onClick={() => retry.mutate()}
          >
            {retry.isPending ? "Retrying..." : "Retry"}
          </Button>
        ) : (
          <Button
            data-key="c"
            variant="light"
            color="red"
            disabled={!reachable || cancelling}
            onClick={() => cancel.mutate()}
          >
            {cancelling ? "Cancelling..." : "Cancel"}
          </Button>
        )}
        <MoreActions job={job} />
      </div>
      <Refusal error={cancel.error ?? retry.error} />
    </div>
  );
}

/**
 * Retries the run that is on screen; if the job has changed since, the server refuses the retry.
 */
function useChange(job: KnownJob, action: "cancel" | "retry") {
  return useMutation({
    mutationFn: async () => {
      const params = { path: { id: job.id } };
      const headers = { "if-match": `"${job.version}"` };
      const changed =
        action === "cancel"
          ? await dataOf(api.POST("/api/jobs/{id}/cancel", { params }))
          : await dataOf(api.POST("/api/jobs/{id}/retry", { params, headers }));
      versions.seeJob(changed);
    },
  });
}

function Refusal({ error }: { error: Error | null }) {
  return (
    <div role="status" className="refusal">
      {error?.message}
    </div>
  );
}

function MoreActions({ job }: { job: KnownJob }) {
  const navigate = useNavigate();
  const maySubmit = useMay("submit");
  const copy = (text: string) => void navigator.clipboard.writeText(text).catch(() => undefined);
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button variant="default">More</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void navigate({ to: "/jobs", search: { kind: job.kind } })}>
          All jobs of this kind
        </Menu.Item>
        {maySubmit ? (
          <Menu.Item
            onClick={() =>
              void navigate({ to: "/submit/$kind", params: { kind: job.kind }, search: { from: job.id } })
            }
          >
            Clone and edit
          </Menu.Item>
        ) : null}
        <Menu.Item disabled={!job.whole} onClick={() => copy(asCurl(job, window.location.origin))}>
          Copy as curl
        </Menu.Item>
        <Menu.Item disabled={!job.whole} onClick={() => copy(asCli(job))}>
          Copy as a lockstep command
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
