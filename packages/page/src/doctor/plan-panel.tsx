import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ago, Moment } from "../clock/time.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { ApplyBar } from "./apply-bar.js";
import { planQuery } from "./doctor-data.js";
import { PlanDiff } from "./plan-diff.js";

/** A plan: what it would change, line by line, and the progress of applying it. */
export function PlanPanel({ id }: { id: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    planQuery(id),
  );
  const navigate = useNavigate({ from: "/doctor" });
  const close = () => void navigate({ search: ({ plan: _plan, ...rest }) => rest, resetScroll: false });
  const [first] = data?.pages ?? [];
  if (!first) return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const { repairs, skipped } = first;
  return (
    <section className="panel" aria-label="Plan">
      <div className="panel-head">
        <h2>
          Plan: {repairs.toLocaleString("en")} {repairs === 1 ? "repair" : "repairs"}
        </h2>
        <span className="dim">
          {skipped > 0 ? `${skipped.toLocaleString("en")} jobs need review · ` : ""}
          created <Ago at={first.created_at} />, valid until <Moment at={first.expires_at} />
        </span>
        <span className="grow" />
        <Button variant="subtle" onClick={close}>
          Close
        </Button>
      </div>
      <ApplyBar plan={first} />
      <PlanDiff items={items} />
      {hasNextPage ? (
        <div className="panel-body">
          <Button variant="default" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more of {repairs.toLocaleString("en")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
