// Turns places into an SVG that reads on a light and on a dark page.
import { BOX } from "./lay-out.mjs";

const STYLE = `
  .page { fill: #ffffff; }
  .box { fill: #eef3fa; stroke: #4a6a94; stroke-width: 1.2; }
  .package { fill: #f3eefa; stroke: #6b5497; }
  .truth { fill: #fdeecb; stroke: #a8741a; stroke-width: 2; }
  .name { fill: #16202e; font: 600 15px ui-sans-serif, system-ui, sans-serif; text-anchor: middle; }
  .caption { fill: #4b586a; font: 12px ui-sans-serif, system-ui, sans-serif; text-anchor: middle; }
  .arrow { fill: none; stroke: #7b8ca3; stroke-width: 1.4; }
  .head { fill: #7b8ca3; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12171f; }
    .box { fill: #1d2836; stroke: #7fa3d1; }
    .package { fill: #2a2238; stroke: #b39ddb; }
    .truth { fill: #3a2f14; stroke: #e0ab4a; }
    .name { fill: #eef2f8; }
    .caption { fill: #a9b6c8; }
    .arrow { stroke: #71829a; }
    .head { fill: #71829a; }
  }
`;

export function draw({ width, height, boxes, arrows }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">The packages and the modules of lockstep: each stands above what it imports</title>
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="page" width="${width}" height="${height}" rx="12"/>
${arrows.map(arrow).join("\n")}
${boxes.map(box).join("\n")}
</svg>
`;
}

function box({ name, caption, x, y }) {
  const style = name === "ledger" ? "box truth" : name.startsWith("@") ? "box package" : "box";
  const label = name;
  return `<rect class="${style}" x="${x - BOX.width / 2}" y="${y - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="8"/><text class="name" x="${x}" y="${y - 3}">${label}</text><text class="caption" x="${x}" y="${y + 15}">${caption}</text>`;
}

function arrow(points) {
  const half = BOX.height / 2;
  const first = points[0];
  let path = `M${first.x} ${first.y + half}`;
  for (let i = 1; i < points.length; i += 1) {
    const to = points[i];
    const fromY = points[i - 1].y + half;
    const toY = to.y - half;
    const middle = (fromY + toY) / 2;
    path += ` C${points[i - 1].x} ${middle} ${to.x} ${middle} ${to.x} ${toY}`;
    if (to.bend) path += ` V${to.y + half}`;
  }
  return `<path class="arrow" marker-end="url(#head)" d="${path}"/>`;
}
