import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { announcedBody, announcedNodeBody, decodedBody, readNodeBody, readWebBody } from './body.js';

type Headers = Record<string, string>;

const onNode = (headers: Headers, httpVersionMajor = 1) => ({ headers, rawHeaders: [], httpVersionMajor });
const web = (headers: Headers) => announcedBody((name) => headers[name])?.kind ?? 'to be read';
const node = (headers: Headers, version?: number) => announcedNodeBody(onNode(headers, version))?.kind ?? 'to be read';
const json = { 'content-type': 'application/json' };

describe('the headers of a body', () => {
  it.each<[Headers, string, string]>([
    // A `Request` made in this process has neither length nor encoding.
    [{}, 'to be read', 'none'],
    [{ 'content-length': '0' }, 'none', 'none'],
    [{ 'content-length': '2' }, 'unsupported', 'unsupported'],
    [{ 'transfer-encoding': 'chunked' }, 'unsupported', 'unsupported'],
    [{ ...json, 'content-length': '2' }, 'to be read', 'to be read'],
    [{ ...json, 'transfer-encoding': 'chunked' }, 'to be read', 'to be read'],
    [{ 'content-type': 'text/json', 'content-length': '2' }, 'to be read', 'to be read'],
    [{ 'content-type': 'text/plain; a=json', 'content-length': '2' }, 'unsupported', 'unsupported'],
    [{ ...json, 'content-length': '2', 'content-encoding': 'Identity' }, 'to be read', 'to be read'],
    // On Node, reading says so.
    [{ ...json, 'content-length': '2', 'content-encoding': 'gzip' }, 'unsupported', 'to be read'],
  ])('of %j say %s on the web, %s on Node', (headers, onWeb, onNodeToo) => {
    expect([web(headers), node(headers)]).toEqual([onWeb, onNodeToo]);
  });

  it('need no length in HTTP/2', () => {
    expect([node(json, 1), node(json, 2), node({ ...json, 'content-length': '0' }, 2)]).toEqual([
      'none',
      'to be read',
      'none',
    ]);
  });
});

describe('reading a stream of Node', () => {
  const bytesOf = (chunk: string) => {
    if (typeof chunk !== 'string') throw new Error('these are bytes already');
    return Buffer.from(chunk, 'hex');
  };

  it('takes as many bytes as it may, and copies none that came at once', async () => {
    const stream = Object.assign(new EventEmitter(), { destroyed: false });
    const reading = readNodeBody(onNode({ ...json, 'content-length': '4' }), stream, 4, bytesOf);
    const chunk = Uint8Array.of(1, 2, 3, 4);
    stream.emit('data', chunk);
    stream.emit('end');
    expect(await reading).toBe(chunk);
  });

  it('joins its chunks, and undoes a decoding', async () => {
    const stream = Object.assign(new EventEmitter(), { destroyed: false });
    const reading = readNodeBody(onNode(json), stream, 4, bytesOf);
    stream.emit('data', Uint8Array.of(1, 2));
    stream.emit('data', '0304');
    stream.emit('end');
    expect(await reading).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(stream.eventNames()).toEqual([]);
  });

  it.each<[string, (stream: EventEmitter) => unknown, string]>([
    ['a byte too many', (stream) => stream.emit('data', new Uint8Array(5)), 'too_large'],
    ['an error', (stream) => stream.emit('error', new Error('gone')), 'malformed'],
    ['its close', (stream) => stream.emit('close'), 'malformed'],
  ])('ends with %s', async (_, happen, kind) => {
    const stream = Object.assign(new EventEmitter(), { destroyed: false });
    const reading = readNodeBody(onNode(json), stream, 4, bytesOf);
    happen(stream);
    expect(await reading).toHaveProperty('kind', kind);
    expect(stream.eventNames()).toEqual([]);
  });

  it('does not begin with one that is gone, compressed, or known to be too long', async () => {
    const gone = Object.assign(new EventEmitter(), { destroyed: true });
    expect(await readNodeBody(onNode(json), gone, 4, bytesOf)).toEqual({ kind: 'malformed' });
    const encoded = { ...json, 'content-encoding': 'gzip' };
    expect(await readNodeBody(onNode(encoded), gone, 4, bytesOf)).toEqual({ kind: 'unsupported' });
    const long = { ...json, 'content-length': '5' };
    expect(await readNodeBody(onNode(long), gone, 4, bytesOf)).toEqual({ kind: 'too_large', limit: 4 });
  });
});

describe('reading a stream of the web', () => {
  it('stops above the limit, and waits for nobody who has the other half of it', async () => {
    const [half] = new Blob(['12345']).stream().tee();
    expect(await readWebBody(half, 4)).toEqual({ kind: 'too_large', limit: 4 });
    const [whole] = new Blob(['1234']).stream().tee();
    expect(await readWebBody(whole, 4)).toEqual({ kind: 'text', text: '1234' });
  });
});

it('text that is no UTF-8 is malformed', () => {
  expect(decodedBody(Uint8Array.of(0xff))).toEqual({ kind: 'malformed' });
});
