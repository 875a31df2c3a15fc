/** The chart of the comparison: a row a task, a mark a peer, on a logarithmic axis of theirs / ours. */
import type { Measurement } from './measurement.js';

const WIDTH = 984;
const LEFT = 300;
const RIGHT = 48;
const TOP = 84;
const ROW = 22;
const HEADING = 34;
const MARK = 5;

// By Okabe and Ito: told apart with every kind of colour blindness; and each peer has a shape too.
const MARKS: readonly { readonly colour: string; readonly shape: (x: number, y: number) => string }[] = [
  { colour: '#d55e00', shape: (x, y) => `<circle cx="${x}" cy="${y}" r="${MARK}"/>` },
  {
    colour: '#0091d5',
    shape: (x, y) => `<rect x="${x - MARK}" y="${y - MARK}" width="${2 * MARK}" height="${2 * MARK}"/>`,
  },
  {
    colour: '#009e73',
    shape: (x, y) =>
      polygon(x, y, [
        [0, -1.3],
        [1.2, 1],
        [-1.2, 1],
      ]),
  },
  {
    colour: '#cc79a7',
    shape: (x, y) =>
      polygon(x, y, [
        [0, -1.4],
        [1.4, 0],
        [0, 1.4],
        [-1.4, 0],
      ]),
  },
  {
    colour: '#b58900',
    shape: (x, y) =>
      polygon(x, y, [
        [0, 1.3],
        [1.2, -1],
        [-1.2, -1],
      ]),
  },
  {
    colour: '#7a6ff0',
    shape: (x, y) =>
      polygon(x, y, [
        [-1.6, -0.5],
        [1.6, -0.5],
        [1.6, 0.5],
        [-1.6, 0.5],
      ]),
  },
];

const polygon = (x: number, y: number, corners: readonly (readonly [number, number])[]): string =>
  `<polygon points="${corners.map(([dx, dy]) => `${(x + dx * MARK).toFixed(1)},${(y + dy * MARK).toFixed(1)}`).join(' ')}"/>`;

const STYLE = `
    svg { --paper: #ffffff; --ink: #1f2328; --faint: #d1d9e0; --quiet: #59636e; }
    @media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #f0f6fc; --faint: #3d444d; --quiet: #9198a1; } }
    text { font: 12px system-ui, sans-serif; fill: var(--ink); }
    .heading { font-weight: 600; } .quiet { fill: var(--quiet); } .end { text-anchor: end; } .middle { text-anchor: middle; }
    line { stroke: var(--faint); } .even { stroke: var(--ink); stroke-width: 1.5; }`;

/** An SVG that reads the theme of the page's reader, without script or foreign font. */
export function chart(measurements: readonly Measurement[]): string {
  const peers = [...new Set(measurements.map(({ peer }) => peer))];
  const axis = axisOf(measurements);
  const { rows, bottom } = rowsOf(measurements, peers, axis.x);
  const ticks = axis.decades.map((decade) => {
    const x = axis.x(decade);
    return `<line${decade === 1 ? ' class="even"' : ''} x1="${x}" x2="${x}" y1="${TOP - 12}" y2="${bottom}"/>
  <text class="middle quiet" x="${x}" y="${TOP - 18}">${decade} ×</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 12}" role="img" aria-labelledby="title">
  <title id="title">How many times as long others take as Bursar, task by task. The figures are in the table.</title>
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" fill="var(--paper)"/>
  ${legend(peers)}
  <text class="end quiet" x="${axis.x(1) - 10}" y="${TOP - 36}">← they are ahead</text>
  <text class="quiet" x="${axis.x(1) + 10}" y="${TOP - 36}">Bursar is ahead: their time / ours →</text>
  ${ticks.join('\n  ')}
  ${rows.join('\n  ')}
</svg>
`;
}

interface Axis {
  readonly decades: readonly number[];
  x(ratio: number): number;
}

function axisOf(measurements: readonly Measurement[]): Axis {
  const powers = measurements.map(({ ratio }) => Math.log10(ratio));
  const from = Math.min(-1, Math.floor(Math.min(...powers)));
  const to = Math.max(1, Math.ceil(Math.max(...powers)));
  return {
    decades: Array.from({ length: to - from + 1 }, (_, index) => Number((10 ** (from + index)).toPrecision(1))),
    x: (ratio) => Math.round(LEFT + ((Math.log10(ratio) - from) / (to - from)) * (WIDTH - LEFT - RIGHT)),
  };
}

const drawn = (peers: readonly string[], peer: string, x: number, y: number): string => {
  const mark = MARKS[peers.indexOf(peer) % MARKS.length];
  return mark === undefined ? '' : `<g fill="${mark.colour}">${mark.shape(x, y)}</g>`;
};

function legend(peers: readonly string[]): string {
  let x = 16;
  const entries = peers.map((peer) => {
    const entry = `${drawn(peers, peer, x, 20)}<text x="${x + 12}" y="24">${peer}</text>`;
    x += 34 + peer.length * 6.2;
    return entry;
  });
  return entries.join('\n  ');
}

function rowsOf(
  measurements: readonly Measurement[],
  peers: readonly string[],
  x: Axis['x'],
): { rows: string[]; bottom: number } {
  const rows: string[] = [];
  let y = TOP - ROW;
  let [group, name] = ['', ''];
  for (const { task, peer, ratio } of measurements) {
    if (task.group !== group) {
      y += HEADING;
      rows.push(`<text class="heading" x="16" y="${y + 4}">${task.group}</text>`);
      name = '';
    }
    if (task.name !== name) {
      y += ROW;
      rows.push(`<text class="end" x="${LEFT - 14}" y="${y + 4}">${task.name}</text>`);
    }
    rows.push(drawn(peers, peer, x(ratio), y));
    ({ group, name } = task);
  }
  return { rows, bottom: y + ROW };
}
