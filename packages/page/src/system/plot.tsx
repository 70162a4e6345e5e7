import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useColorScheme } from "../theme/use-color-scheme.js";

export interface Line {
  readonly label: string;
  /** The name of a page colour, such as `--completed`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

interface PlotProps {
  readonly title: string;
  readonly unit: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

const HEIGHT = 170;
const HOUR_SECONDS = 3_600;

/**
 * One plot of the last hour. All plots share the time axis and the cursor; each can be shown as a
 * table.
 */
export function Plot(props: PlotProps) {
  const [table, setTable] = useState(false);
  const { title, unit, times } = props;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="dim">{unit}</span>
        <span className="grow" />
        <button type="button" className="link" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? "View as plot" : "View as table"}
        </button>
      </div>
      <div className="panel-body">
        {table ? (
          <PlotTable {...props} />
        ) : times.length === 0 ? (
          <p className="dim">Nothing to show yet.</p>
        ) : (
          <Canvas {...props} />
        )}
      </div>
    </section>
  );
}

function Canvas({ title, times, lines }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useColorScheme();
  const shape = lines.map(({ label }) => label).join();
  const plot = useRef<uPlot | null>(null);
  const data = [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const latest = useRef({ data, lines });
  latest.current = { data, lines };
  // biome-ignore lint/correctness/useExhaustiveDependencies: new colours and new lines need a new plot
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(options(element, latest.current.lines), latest.current.data, element);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [scheme, shape]);
  useEffect(() => plot.current?.setData(data));
  return <div ref={box} role="img" aria-label={`${title}, plotted over the last hour`} />;
}

function options(element: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(name);
  const axis = {
    font: `11px ${getComputedStyle(element).fontFamily}`,
    stroke: colour("--dim"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [10, 18, 0, 0],
    cursor: { sync: { key: "system" }, drag: { x: false, y: false } },
    scales: {
      x: { range: () => [Date.now() / 1_000 - HOUR_SECONDS, Date.now() / 1_000] },
      y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] },
    },
    axes: [
      { ...axis, values: (_plot, splits) => splits.map((at) => timeText(at).slice(0, 5)), size: 28 },
      { ...axis, size: 44 },
    ],
    series: [
      { label: "", value: (_plot, at) => (at === null ? "latest" : timeText(at)) },
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: 1.5,
        value: (plot: uPlot, value: number | null, series: number) =>
          String(value ?? latestOf(plot.data[series]) ?? "–"),
        points: { size: 4 },
      })),
    ],
  };
}

/** Without a cursor the legend shows the newest value. */
function latestOf(values: ArrayLike<number | null | undefined> | undefined): number | null {
  return Array.from(values ?? []).findLast((value) => value != null) ?? null;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString("en-GB");
}

function PlotTable({ title, times, lines }: PlotProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="plot-table" tabIndex={0} aria-label={`${title} as a table`}>
      <table className="table">
        <thead>
          <tr>
            <th>Time</th>
            {lines.map(({ label }) => (
              <th key={label} className="right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .map((time, index) => (
              <tr key={time}>
                <td>{timeText(time)}</td>
                {lines.map(({ label, values }) => (
                  <td key={label} className="right">
                    {values[index] ?? "–"}
                  </td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </section>
  );
}
