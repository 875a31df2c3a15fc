import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSecret, signatures } from './secret.js';

const EXAMPLE = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('a signature', () => {
  it('is the one that the specification gives as its example', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signatures([EXAMPLE], message)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('with two secrets is verified by either, and by no other', () => {
    const timestamp = Math.floor(Date.now() / 1000);
    const [first, second] = [newSecret(), newSecret()];
    const body = '{"name":"Ann Müller 👩"}';
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures([first, second], { id: 'evt_1', timestamp, body }),
    };
    expect(new Webhook(first).verify(body, headers)).toEqual(JSON.parse(body));
    expect(new Webhook(second).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow(/No matching signature/);
    expect(() => new Webhook(first).verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow(/No matching/);
    expect(() => new Webhook(first).verify(`${body} `, headers)).toThrow(/No matching/);
  });
});

it('a secret has 32 random bytes, another each time', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(secret);
});
