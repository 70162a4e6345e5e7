import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Ago } from "../clock/time.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { Delayed } from "../shell/delayed.js";
import { usePageTitle } from "../shell/page-title.js";
import { BulkBar } from "./bulk-bar.js";
import { EmptyList } from "./empty-list.js";
import { FilterBar } from "./filter-bar.js";
import { isFiltered, type JobSearch } from "./job-filter.js";
import { type JobList, useJobList } from "./job-list.js";
import { JobTable } from "./job-table.js";
import "./jobs.css";

const NOTHING: ReadonlySet<string> = new Set();

/** Jobs, newest first. The URL holds every filter and the cursor. */
export function JobsPage() {
  const search = useSearch({ from: "/jobs" });
  const list = useJobList(search);
  const [selected, setSelected] = useState(NOTHING);
  usePageTitle("Jobs");
  return (
    <>
      <div className="page-head">
        <h1>Jobs</h1>
        <Total list={list} />
        <span className="grow" />
        {list.waiting > 0 ? (
          <Button variant="light" onClick={list.showNewest}>
            {list.waiting >= 100 ? "100 or more new" : `${list.waiting} new`}
          </Button>
        ) : null}
      </div>
      <FilterBar search={search} />
      <BulkBar search={search} list={list} selected={selected} onDone={() => setSelected(NOTHING)} />
      {list.error ? <ProblemPanel error={list.error} onRetry={list.retry} /> : null}
      <Rows search={search} list={list} selected={selected} onSelect={setSelected} />
    </>
  );
}

interface RowsProps {
  readonly search: JobSearch;
  readonly list: JobList;
  readonly selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
}

function Rows({ search, list, selected, onSelect }: RowsProps) {
  const { ids } = list;
  if (ids === null)
    return list.error ? null : (
      <Delayed>
        <div className="panel skeleton" role="status" aria-label="Loading jobs" />
      </Delayed>
    );
  if (ids.length === 0) return <EmptyList filtered={isFiltered(search)} onClear={list.showNewest} />;
  return (
    <>
      <div className={list.isStale ? "panel dimmed" : "panel"}>
        <JobTable ids={ids} search={search} selected={selected} onSelect={onSelect} />
      </div>
      <Pager search={search} next={list.next} />
    </>
  );
}

/** Counts are exact to 10,000; they come from the same read as the rows. */
function Total({ list: { total, as_of } }: { list: JobList }) {
  if (as_of === null) return null;
  const count = total === null ? null : total >= 10_000 ? "10,000+" : total.toLocaleString("en");
  return (
    <span className="dim number" data-total={total ?? ""}>
      {count === null ? "" : `${count} ${total === 1 ? "job" : "jobs"} · `}read <Ago at={as_of} />
    </span>
  );
}

function Pager({ search, next }: { search: JobSearch; next: string | null }) {
  const navigate = useNavigate({ from: "/jobs" });
  const { cursor, ...filters } = search;
  if (!cursor && !next) return null;
  return (
    <nav className="pager" aria-label="Pages of the list">
      <Button variant="default" disabled={!cursor} onClick={() => void navigate({ search: filters })}>
        Newest
      </Button>
      <Button
        variant="default"
        disabled={!next}
        onClick={() => void navigate({ search: next ? { ...filters, cursor: next } : filters })}
      >
        Older
      </Button>
    </nav>
  );
}
