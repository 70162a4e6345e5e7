import type { Compared } from "./index.js";

const WIDTH = 760;
const ROW = 30;
const LABEL = 280;
const TOP = 44;

/**
 * One figure of every contender as bars, largest first. The colours work on a light and on a dark
 * page.
 */
export function barChart(compared: readonly Compared[], figure: string): string {
  const bars = compared
    .flatMap(({ contender, name, figures }) => {
      const value = figures[figure];
      const title = `${contender.name}, ${name.replace(/^[^@]*@/, "")}`;
      return value === undefined ? [] : [{ title, name, value }];
    })
    .sort((a, b) => b.value - a.value);
  const most = Math.max(...bars.map((bar) => bar.value), Number.MIN_VALUE);
  const height = TOP + bars.length * ROW + 12;
  const rows = bars.map((bar, index) => {
    const y = TOP + index * ROW;
    const width = Math.max(1, (bar.value / most) * (WIDTH - LABEL - 110));
    const fill = bar.name.startsWith("lockstep") ? "#2563eb" : "#94a3b8";
    return [
      `<text x="${LABEL - 10}" y="${y + 15}" text-anchor="end">${escaped(bar.title)}</text>`,
      `<rect x="${LABEL}" y="${y + 2}" width="${width.toFixed(1)}" height="18" rx="3" fill="${fill}"/>`,
      `<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 15}">${number(bar.value)}</text>`,
    ].join("\n  ");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escaped(figure)}">
  <style>text { fill: #1e293b } @media (prefers-color-scheme: dark) { text { fill: #e2e8f0 } }</style>
  <text x="10" y="24" font-weight="600">${escaped(figure)}</text>
  ${rows.join("\n  ")}
</svg>
`;
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
