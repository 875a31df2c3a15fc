import node from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { chance } from '../faults/chance.js';

/**
 * Makes the chance of this process that of a seed, so that ids and keys are the same in each run. For a program that draws
 * pictures and does nothing else: what it calls secret, everybody knows.
 */
export function seedChance(seed: number): () => number {
  const random = chance(seed);
  const fill = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256);
  };
  Object.defineProperties(crypto, {
    getRandomValues: {
      configurable: true,
      value: <View extends ArrayBufferView>(view: View): View => {
        fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
        return view;
      },
    },
    randomUUID: {
      configurable: true,
      value: (): string => {
        const bytes = new Uint8Array(16);
        fill(bytes);
        const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
      },
    },
  });
  const randomBytes = (size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    fill(bytes);
    return bytes;
  };
  Object.assign(node, { randomBytes });
  syncBuiltinESMExports();
  return random;
}
