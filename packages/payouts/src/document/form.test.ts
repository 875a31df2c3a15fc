import { describe, expect, it } from 'vitest';
import { assertDocumentPage, assertDocumentRef, documentText } from './form.js';
import type { DocumentPut } from './record.js';

const put = (over: Partial<DocumentPut> = {}): DocumentPut => ({
  owner: '',
  collection: 'operators',
  id: 'op_1',
  expectedVersion: null,
  body: {},
  expiresInSeconds: null,
  ...over,
});

/** Objects in objects, so many of them. */
function nested(depth: number): Record<string, unknown> {
  return depth === 1 ? {} : { a: nested(depth - 1) };
}

describe('documentText', () => {
  it('takes no list that is nested without an end', () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => documentText(put({ body: { list } }))).toThrow(/^body must be at most \d+ deep/);
  });

  it('gives the body as a text that comes back as it was', () => {
    const body = { name: 'Ann "A"\n', list: [1, -2, true, null, { é: '\u{1F600}' }], empty: {}, far: 2 ** 53 - 1 };
    expect(JSON.parse(documentText(put({ body })))).toEqual(body);
  });

  it.each([
    ['an owner and names of the greatest length', { owner: 'o'.repeat(128), collection: 'c'.repeat(32) }],
    ['an id of the greatest length', { id: '_-Az09'.padEnd(128, 'x') }],
    ['the first version', { expectedVersion: 0 }],
    ['the shortest time', { expiresInSeconds: 1 }],
    ['a later version', { expectedVersion: 2 ** 53 - 1 }],
    ['the longest time', { expiresInSeconds: 1_000_000_000 }],
    ['a body without a prototype', { body: Object.assign(Object.create(null), { a: 1 }) }],
    ['a body of 16 KiB', { body: { a: 'x'.repeat(16 * 1024 - '{"a":""}'.length) } }],
    ['a body that is 33 objects deep', { body: nested(33) }],
  ] as const)('takes %s', (_case, over) => {
    expect(() => documentText(put(over))).not.toThrow();
  });

  it.each([
    ['a body that is a list', 'body must be an object', { body: [] }],
    ['a body that is a text', 'body must be an object', { body: 'text' }],
    ['no body', 'body must be an object', { body: undefined }],
    ['null for a body', 'body must be an object', { body: null }],
    ['a body one byte too long', '16384 bytes', { body: { a: 'x'.repeat(16 * 1024 - '{"a":""}'.length + 1) } }],
    ['a body too long in bytes, though not in characters', '16384 bytes', { body: { a: '€'.repeat(6000) } }],
    ['a body too deep', 'body must be at most 32 deep', { body: nested(34) }],
    ['a fraction', 'body.a[1] must be a safe integer', { body: { a: [1, 1.5] } }],
    ['an integer past 2^53 - 1', 'body.a must be a safe integer', { body: { a: 2 ** 53 } }],
    ['what is not a number', 'body.a must be a safe integer', { body: { a: Number.NaN } }],
    ['undefined', 'body.a must be what JSON keeps', { body: { a: undefined } }],
    ['a hole in a list', 'body.a[0] must be what JSON keeps', { body: { a: Array(1) } }],
    ['a bigint', 'body.a must be what JSON keeps', { body: { a: 1n } }],
    ['a date', 'body.a.at must be what JSON keeps', { body: { a: { at: new Date(0) } } }],
    ['a map', 'body.a must be what JSON keeps', { body: { a: new Map() } }],
    ['what writes itself', 'body.toJSON must be what JSON keeps', { body: { toJSON: () => 'text' } }],
    ['a NUL in a text', 'body.a must be without NUL', { body: { a: 'a\0' } }],
    ['half of a surrogate pair', 'body.a must be without NUL and lone surrogates', { body: { a: '\ud83d' } }],
    ['a NUL in a name', 'a name in body.a must be without NUL', { body: { a: { 'b\0': 1 } } }],
    ['half of a surrogate pair in a name', 'a name in body must be without NUL', { body: { '\udc00': 1 } }],
    ['a prototype as a member', 'not "__proto__"', { body: JSON.parse('{"a":{"__proto__":{"role":"owner"}}}') }],
    ['a negative version', 'expectedVersion', { expectedVersion: -1 }],
    ['no version', 'expectedVersion', { expectedVersion: undefined }],
    ['a version as a text', 'expectedVersion', { expectedVersion: '0' }],
    ['a time that is over', 'expiresInSeconds', { expiresInSeconds: 0 }],
    ['a time too far away', 'expiresInSeconds', { expiresInSeconds: 1_000_000_001 }],
    ['a fraction of a second', 'expiresInSeconds', { expiresInSeconds: 0.5 }],
    ['no time', 'expiresInSeconds', { expiresInSeconds: undefined }],
    ['a wrong id', 'the id of a document', { id: '' }],
  ])('refuses %s by name', (_case, message, over) => {
    const wrong = put(over as Partial<DocumentPut>);
    expect(() => documentText(wrong)).toThrow(TypeError);
    expect(() => documentText(wrong)).toThrow(message);
  });

  it('refuses a body that holds itself', () => {
    const body: { self?: unknown } = {};
    body.self = body;
    expect(() => documentText(put({ body }))).toThrow('body must be at most 32 deep');
  });
});

describe('assertDocumentRef', () => {
  it.each([
    ['an owner that is too long', 'owner', { owner: 'o'.repeat(129) }],
    ['an owner with a NUL', 'owner', { owner: 'a\0b' }],
    ['an owner with half of a surrogate pair', 'owner', { owner: '\ud800' }],
    ['an owner that is a list', 'owner', { owner: ['biz_1'] }],
    ['no collection', 'collection', { collection: '' }],
    ['a collection in capitals', 'collection', { collection: 'Sessions' }],
    ['a collection that is too long', 'collection', { collection: 'c'.repeat(33) }],
    ['a collection with a line end', 'collection', { collection: 'sessions\n' }],
    ['a collection that is a list', 'collection', { collection: ['sessions'] }],
    ['an id that is too long', 'id of a document', { id: 'x'.repeat(129) }],
    ['an id with a path', 'id of a document', { id: '../op_1' }],
    ['an id with a letter outside ASCII', 'id of a document', { id: 'é' }],
    ['an id that is a list', 'id of a document', { id: ['op_1'] }],
  ])('refuses %s by name', (_case, message, over) => {
    const wrong = put(over as Partial<DocumentPut>);
    expect(() => assertDocumentRef(wrong)).toThrow(TypeError);
    expect(() => assertDocumentRef(wrong)).toThrow(message);
  });
});

describe('assertDocumentPage', () => {
  it('takes a business and the whole installation, from the start and from an id on', () => {
    const pages = [
      { owner: 'biz_1', after: null },
      { owner: '', after: 'op_1' },
    ];
    for (const page of pages) expect(() => assertDocumentPage({ collection: 'a_z', ...page })).not.toThrow();
  });

  it.each([
    ['an owner', 'owner', { owner: '\0' }],
    ['a collection', 'collection', { collection: 'A' }],
    ['an id', 'after', { after: '' }],
  ])('refuses %s of another form by name', (_case, message, over) => {
    const wrong = { owner: '', collection: 'a', after: null, ...over };
    expect(() => assertDocumentPage(wrong)).toThrow(TypeError);
    expect(() => assertDocumentPage(wrong)).toThrow(message);
  });
});
