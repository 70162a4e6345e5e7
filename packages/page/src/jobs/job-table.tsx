import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { JobSearch } from "./job-filter.js";
import { JobRow } from "./job-row.js";

interface JobTableProps {
  readonly ids: readonly string[];
  readonly search: JobSearch;
  readonly selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
}

const ROW_PIXELS = 37;
const OVERSCAN_ROWS = 8;

/** A native table; only the rows near the viewport are rendered. */
export function JobTable({ ids, search, selected, onSelect }: JobTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const virtual = useWindowVirtualizer({
    count: ids.length,
    estimateSize: () => ROW_PIXELS,
    overscan: OVERSCAN_ROWS,
    scrollMargin: body.current?.offsetTop ?? 0,
    getItemKey: (index) => ids[index] ?? index,
  });
  const rows = virtual.getVirtualItems();
  const before = (rows[0]?.start ?? 0) - virtual.options.scrollMargin;
  const after = virtual.getTotalSize() + virtual.options.scrollMargin - (rows.at(-1)?.end ?? 0);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const all = ids.length > 0 && ids.every((id) => selected.has(id));
  return (
    <table className="table jobs" aria-rowcount={ids.length + 1}>
      <thead>
        <tr>
          <th className="pick">
            <input
              type="checkbox"
              aria-label="Select all rows"
              checked={all}
              onChange={() => onSelect(new Set(all ? [] : ids))}
            />
          </th>
          <th>Status</th>
          <th>Job</th>
          <th className="wide">Queue</th>
          <th className="says">Details</th>
          <th className="right wide">Attempt</th>
          <th className="right created">Created</th>
          <th className="right wide">Duration</th>
        </tr>
      </thead>
      <tbody ref={body}>
        <Space height={before} />
        {rows.map(({ index, key }) => {
          const id = ids[index];
          return id === undefined ? null : (
            <JobRow
              key={key}
              id={id}
              index={index}
              search={search}
              selected={selected.has(id)}
              onToggle={toggle}
            />
          );
        })}
        <Space height={after} />
      </tbody>
    </table>
  );
}

/**
 * A single cell, because one that spans all columns would bring back the columns hidden on a narrow
 * screen, empty.
 */
function Space({ height }: { height: number }) {
  return height > 0 ? (
    <tr className="space">
      <td style={{ height }} />
    </tr>
  ) : null;
}
