// node run.mjs dagre|elk IN OUT
// Lays out the boxes and links of IN, { boxes: [[width, height]], links: [[child, parent]] }, and
// writes OUT, { boxes: [[x, y]], links: [[[x, y], …]], seconds }: corners of boxes and courses of links.
// Both programs get the direction, the gaps and the aspect ratio that Crowfoot uses; the rest is as
// they come.
import { readFileSync, writeFileSync } from 'node:fs';

const ROW_GAP = 36, CHANNEL = 60, BLOCK_GAP = 64, ASPECT = 1.6;
const [program, from, to] = process.argv.slice(2);
const { boxes, links } = JSON.parse(readFileSync(from, 'utf8'));
const layouts = { dagre, elk };
const result = await layouts[program]();
writeFileSync(to, JSON.stringify(result));

async function dagre() {
  const { default: all, ...named } = await import('@dagrejs/dagre');
  const { graphlib, layout } = { ...all, ...named };
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: CHANNEL });
  boxes.forEach(([width, height], i) => graph.setNode(String(i), { width, height }));
  links.forEach(([child, parent], i) => graph.setEdge(String(parent), String(child), {}, String(i)));
  const begun = performance.now();
  layout(graph);
  const seconds = (performance.now() - begun) / 1000;
  return {
    boxes: boxes.map(([width, height], i) => {
      const { x, y } = graph.node(String(i));
      return [x - width / 2, y - height / 2];
    }),
    links: links.map(([child, parent], i) =>
      graph.edge({ v: String(parent), w: String(child), name: String(i) }).points.map(({ x, y }) => [x, y]).reverse()),
    seconds,
  };
}

async function elk() {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  const graph = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.aspectRatio': String(ASPECT),
      'elk.spacing.nodeNode': String(ROW_GAP),
      'elk.spacing.componentComponent': String(BLOCK_GAP),
      'elk.layered.spacing.nodeNodeBetweenLayers': String(CHANNEL),
    },
    children: boxes.map(([width, height], i) => ({ id: `n${i}`, width, height })),
    edges: links.map(([child, parent], i) => ({ id: `e${i}`, sources: [`n${parent}`], targets: [`n${child}`] })),
  };
  const layout = new Elk();
  const begun = performance.now();
  const { children, edges } = await layout.layout(graph);
  return {
    boxes: children.map(({ x, y }) => [x, y]),
    links: edges.map(({ sections: [section] }) =>
      [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => [x, y]).reverse()),
    seconds: (performance.now() - begun) / 1000,
  };
}
