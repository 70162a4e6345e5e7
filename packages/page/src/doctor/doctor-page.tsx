import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, dataOf } from "../api/client.js";
import { ApiProblem } from "../api/problem.js";
import { useLedgerReachable } from "../live/health.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { useMay } from "../session/session.js";
import { Delayed } from "../shell/delayed.js";
import { usePageTitle } from "../shell/page-title.js";
import { checksQuery, latestDone } from "./doctor-data.js";
import "./doctor.css";
import { DriftMatrix } from "./drift-matrix.js";
import { FindingList } from "./finding-list.js";
import { History } from "./history.js";
import { LastCheck } from "./last-check.js";
import { PlanPanel } from "./plan-panel.js";
import { Trend } from "./trend.js";

/** Whether the copies agree with the ledger, and if not, what would repair them. */
export function DoctorPage() {
  const { data, error, refetch } = useQuery(checksQuery);
  const { plan, pattern, action } = useSearch({ from: "/doctor" });
  usePageTitle("Doctor");
  if (!data && error instanceof ApiProblem && error.status === 404) return <NoDoctor />;
  const latest = latestDone(data?.checks);
  return (
    <div className="stack">
      <Head checking={data?.checks[0]?.status === "running"} />
      {error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <LastCheck checks={data.checks} />
      ) : error ? null : (
        <Delayed>
          <div className="panel skeleton" role="status" aria-label="Loading the checks" />
        </Delayed>
      )}
      {latest && latest.cells.length > 0 ? (
        <DriftMatrix check={latest} chosen={pattern && action ? { pattern, action } : null} />
      ) : null}
      {latest && pattern && action ? <FindingList check={latest} pattern={pattern} action={action} /> : null}
      {plan ? <PlanPanel key={plan} id={plan} /> : null}
      <Trend checks={data?.checks ?? []} />
      <History />
    </div>
  );
}

function NoDoctor() {
  return (
    <div className="panel empty">
      <h1>This server has no doctor</h1>
      <p className="dim">
        The doctor compares the ledger with its copies only where both belong to this program.
      </p>
    </div>
  );
}

/** The actions for a reader with the right role: a check and a plan. Both change nothing. */
function Head({ checking }: { checking: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate({ from: "/doctor" });
  const reachable = useLedgerReachable();
  const may = useMay("operate");
  const reread = () => client.invalidateQueries({ queryKey: ["doctor", "checks"] });
  const check = useMutation({
    mutationFn: () => dataOf(api.POST("/api/doctor/checks")),
    onSettled: reread,
  });
  const plan = useMutation({
    mutationFn: () => dataOf(api.POST("/api/doctor/plans")),
    onSuccess: ({ id }) =>
      navigate({ search: ({ plan: _old, ...rest }) => (id === null ? rest : { ...rest, plan: id }) }),
  });
  const problem = check.error ?? plan.error;
  return (
    <>
      <div className="page-head overview-head">
        <h1>Doctor</h1>
        <span className="dim">compares the ledger with every copy of a status</span>
        <span className="grow" />
        {may ? (
          <>
            <Button
              variant="default"
              disabled={!reachable || checking || check.isPending}
              onClick={() => check.mutate()}
            >
              {checking || check.isPending ? "Checking..." : "Check now"}
            </Button>
            <Button disabled={!reachable || plan.isPending} onClick={() => plan.mutate()}>
              {plan.isPending ? "Planning..." : "Make a plan"}
            </Button>
          </>
        ) : (
          <span className="dim">To check and repair, sign in with the role operate.</span>
        )}
      </div>
      {plan.data?.id === null ? (
        <p className="panel note" role="status">
          There is nothing to repair
          {plan.data.skipped > 0 ? `: ${plan.data.skipped} jobs need review` : ""}.
        </p>
      ) : null}
      {problem ? <ProblemPanel error={problem} /> : null}
    </>
  );
}
