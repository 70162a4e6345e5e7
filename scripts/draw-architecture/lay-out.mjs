// Places parts in layers. A part is one layer above the highest part it imports, and within a layer
// near the parts it is connected to, which keeps arrows short with few crossings.

const SWEEPS = 12;
export const BOX = { width: 204, height: 50, gapX: 26, gapY: 62, margin: 30, bendWidth: 30 };

/**
 * @param parts [{ name, caption, imports: [name] }]
 * @returns { width, height, boxes: [{ name, caption, x, y }], arrows: [[{ x, y }, ...]] }
 */
export function layOut(parts) {
  const drawn = withoutImplied(parts);
  const layerOf = layers(drawn);
  const { nodes, chains } = withBends(drawn, layerOf);
  const rows = order(nodes, chains);
  const width = BOX.margin * 2 + Math.max(...rows.map(rowWidth));
  const at = place(rows, width);
  return {
    width,
    height: BOX.margin * 2 + rows.length * BOX.height + (rows.length - 1) * BOX.gapY,
    boxes: drawn.map(({ name, caption }) => ({ name, caption, ...at.get(name) })),
    arrows: chains.map((chain) => chain.map((id) => ({ ...at.get(id), bend: nodes.get(id).bend }))),
  };
}

/** Leaves out an import that is also reachable through another import. */
function withoutImplied(parts) {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const reaches = (from, to) => from.imports.some((name) => name === to || reaches(byName.get(name), to));
  return parts.map((part) => ({
    ...part,
    imports: part.imports.filter(
      (target) => !part.imports.some((other) => other !== target && reaches(byName.get(other), target)),
    ),
  }));
}

function layers(parts) {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const depth = (name) => Math.max(0, ...byName.get(name).imports.map((target) => depth(target) + 1));
  return new Map(parts.map((part) => [part.name, depth(part.name)]));
}

/**
 * An arrow over several layers gets a bend in each layer it passes, so that it runs between the
 * boxes.
 */
function withBends(parts, layerOf) {
  const nodes = new Map(parts.map(({ name }) => [name, { layer: layerOf.get(name), bend: false }]));
  const chains = [];
  for (const { name, imports } of parts) {
    for (const target of imports) {
      const chain = [name];
      for (let layer = layerOf.get(name) - 1; layer > layerOf.get(target); layer -= 1) {
        const id = `${name}>${target}@${layer}`;
        nodes.set(id, { layer, bend: true });
        chain.push(id);
      }
      chains.push([...chain, target]);
    }
  }
  return { nodes, chains };
}

/** Rows from the top layer down, each sorted repeatedly by the positions of its neighbours. */
function order(nodes, chains) {
  const rows = [];
  for (const [id, { layer }] of nodes) {
    rows[layer] ??= [];
    rows[layer].push(id);
  }
  rows.reverse();
  const joined = new Map([...nodes.keys()].map((id) => [id, []]));
  for (const chain of chains) {
    for (let i = 1; i < chain.length; i += 1) {
      joined.get(chain[i - 1]).push(chain[i]);
      joined.get(chain[i]).push(chain[i - 1]);
    }
  }
  const widthOf = (id) => (nodes.get(id).bend ? BOX.bendWidth : BOX.width);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const turn = sweep % 2 === 0 ? rows.keys() : [...rows.keys()].reverse();
    for (const row of turn) sortRow(rows, row, joined, widthOf);
  }
  return rows.map((row) => row.map((id) => ({ id, width: widthOf(id) })));
}

function sortRow(rows, row, joined, widthOf) {
  const centre = new Map(rows.flatMap((ids) => centres(ids, widthOf)));
  const wish = (id) => {
    const places = joined.get(id).map((other) => centre.get(other));
    return places.length ? places.reduce((a, b) => a + b) / places.length : centre.get(id);
  };
  rows[row] = rows[row]
    .map((id) => [wish(id), id])
    .sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1))
    .map(([, id]) => id);
}

/** The centre of each node of a row, relative to the centre of the row. */
function centres(ids, widthOf) {
  const total = ids.reduce((sum, id) => sum + widthOf(id) + BOX.gapX, -BOX.gapX);
  let x = -total / 2;
  return ids.map((id) => {
    const middle = x + widthOf(id) / 2;
    x += widthOf(id) + BOX.gapX;
    return [id, middle];
  });
}

function rowWidth(row) {
  return row.reduce((sum, { width }) => sum + width + BOX.gapX, -BOX.gapX);
}

/** The centre of each node. */
function place(rows, width) {
  const at = new Map();
  for (const [index, row] of rows.entries()) {
    const widths = new Map(row.map((node) => [node.id, node.width]));
    const y = BOX.margin + index * (BOX.height + BOX.gapY) + BOX.height / 2;
    for (const [id, middle] of centres([...widths.keys()], (id) => widths.get(id)))
      at.set(id, { x: width / 2 + middle, y });
  }
  return at;
}
