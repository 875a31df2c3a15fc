/** Deriving a payout hash, with the key of the business warm. */
import { createHmac } from 'node:crypto';
import { payoutHashDeriver, portableHmac } from '@bursar/core';
import { compare } from './side-by-side/compare.js';
import { SECRET } from './side-by-side/scene.js';

const KEY = new Uint8Array(32).fill(7);
const EMAIL = 'user@example.com';

const deriver = payoutHashDeriver(SECRET);
const portable = portableHmac(KEY);

function nodeHmac(times: number): void {
  for (let i = 0; i < times; i++) createHmac('sha256', KEY).update(EMAIL).digest('hex');
}

console.log(
  await compare({
    name: 'derive a payout hash / `createHmac`',
    ours: (times) => {
      for (let i = 0; i < times; i++) deriver.derive('biz_1', EMAIL);
    },
    theirs: nodeHmac,
    limit: { kind: 'at most', ratio: 0.5 },
  }),
);
console.log(
  await compare({
    name: 'the same with noble alone / `createHmac`',
    ours: (times) => {
      for (let i = 0; i < times; i++) portable(EMAIL);
    },
    theirs: nodeHmac,
    limit: { kind: 'at most', ratio: 1.7 },
  }),
);
