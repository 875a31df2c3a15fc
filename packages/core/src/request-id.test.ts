import { describe, expect, it } from 'vitest';
import { request } from '../test/requests.js';
import { requestId } from './request-id.js';

const sent = (id: string) => request({ headers: { 'x-request-id': id } });

describe('the id of a request', () => {
  it.each(['abc', 'f47ac10b-58cc-4372-a567-0e02b2c3d479', 'x'.repeat(128), 'a.b:c_d'])('is the one sent: %s', (id) => {
    expect(requestId(sent(id))).toBe(id);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a, b', 'a\nb', 'ü', '<b>', `bursar_live_${'k'.repeat(38)}`, 'f'.repeat(64)])(
    'is a new one where this is sent: %j',
    (id) => {
      expect(requestId(sent(id))).toMatch(/^req_[0-9A-Za-z]{22}$/);
    },
  );

  it('stays the same for one request, and is another for the next', () => {
    const one = request();
    expect(requestId(one)).toBe(requestId(one));
    expect(requestId(one)).not.toBe(requestId(request()));
  });
});
