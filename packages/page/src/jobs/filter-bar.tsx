import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { kindsQuery, queuesQuery } from "../api/queries.js";
import { STATUSES } from "../api/words.js";
import { StatusIcon } from "../status/status-icon.js";
import { filtersOf, isFiltered, type JobSearch, statusesOf } from "./job-filter.js";

/** The filters. Each change gets its own URL, so that back, forward and links work. */
export function FilterBar({ search }: { search: JobSearch }) {
  const navigate = useNavigate({ from: "/jobs" });
  const kinds = useQuery(kindsQuery);
  const queues = useQuery(queuesQuery);
  const set = (change: Partial<Record<keyof JobSearch, string | null>>) => {
    const merged = Object.entries({ ...filtersOf(search), ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(merged) });
  };
  const last = Object.keys(filtersOf(search)).at(-1);
  return (
    <section className="filters" aria-label="Filters">
      <StatusFilter search={search} onChange={(status) => set({ status })} />
      <Choice
        label="Kind"
        value={search.kind}
        options={kinds.data?.map(({ kind }) => kind)}
        onChange={(kind) => set({ kind })}
      />
      <Choice
        label="Queue"
        value={search.queue}
        options={queues.data?.queues.map(({ queue }) => queue)}
        onChange={(queue) => set({ queue })}
      />
      <Words key={`tag ${search.tag}`} label="Tag" value={search.tag} onChange={(tag) => set({ tag })} />
      <Words key={`q ${search.q}`} label="Contains" value={search.q} onChange={(q) => set({ q })} />
      <Since value={search.after} onChange={(after) => set({ after })} />
      {search.batch ? (
        <Link to="/batches/$id" params={{ id: search.batch }} className="chip" aria-current="true">
          batch <span className="mono">{search.batch.slice(-8)}</span>
        </Link>
      ) : null}
      {isFiltered(search) ? (
        <>
          {last ? (
            <Button variant="subtle" onClick={() => set({ [last]: null })}>
              Clear last
            </Button>
          ) : null}
          <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
            Clear all
          </Button>
        </>
      ) : null}
    </section>
  );
}

function StatusFilter({ search, onChange }: { search: JobSearch; onChange(status: string): void }) {
  const chosen = statusesOf(search);
  return (
    <div className="chips">
      {STATUSES.map((status) => {
        const on = chosen.includes(status);
        const next = on ? chosen.filter((one) => one !== status) : [...chosen, status];
        return (
          <button
            key={status}
            type="button"
            className="chip"
            aria-pressed={on}
            onClick={() => onChange(next.join(","))}
          >
            <StatusIcon status={status} />
            {status}
          </button>
        );
      })}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly string[] | undefined;
  onChange(value: string | null): void;
}

function Choice({ label, value, options = [], onChange }: ChoiceProps) {
  const all = [...new Set([...options, ...(value ? [value] : [])])].sort();
  return (
    <Select
      aria-label={label}
      placeholder={label}
      data={all}
      value={value ?? null}
      onChange={onChange}
      clearable
      searchable
      w={120}
    />
  );
}

function Words({ label, value, onChange }: Omit<ChoiceProps, "options">) {
  const [text, setText] = useState(value ?? "");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim());
      }}
    >
      <TextInput
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={100}
        w={100}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => {
          if (text.trim() !== (value ?? "")) onChange(text.trim());
        }}
      />
    </form>
  );
}

const SPANS = [
  ["15 min", 900_000],
  ["1 hour", 3_600_000],
  ["24 hours", 86_400_000],
  ["7 days", 604_800_000],
] as const;

/** A fixed moment, not a moving window: a URL shows the same jobs whenever it is opened. */
function Since({ value, onChange }: Pick<ChoiceProps, "value" | "onChange">) {
  const options = SPANS.map(([label]) => ({ value: label, label: `Last ${label}` }));
  return (
    <Select
      aria-label="Created"
      placeholder={value ? `Since ${value.slice(0, 16)}` : "Any time"}
      data={value ? [...options, { value, label: `Since ${value.slice(0, 16)}` }] : options}
      value={value ?? null}
      clearable
      w={130}
      onChange={(chosen) => {
        const span = SPANS.find(([label]) => label === chosen);
        onChange(span ? new Date(Date.now() - span[1]).toISOString() : chosen);
      }}
    />
  );
}
