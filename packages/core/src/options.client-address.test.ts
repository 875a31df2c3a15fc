import { describe, expect, it, vi } from 'vitest';
import { request } from '../test/requests.js';
import { scene } from '../test/scene.js';

async function addressBy(clientAddress: () => unknown) {
  const { auth, errors } = await scene({ clientAddress: clientAddress as () => string | null });
  return [auth.context.clientAddress(request()), errors] as const;
}

describe('the address of a client', () => {
  it('is not known unless the host says it', async () => {
    const { auth } = await scene();
    expect(auth.context.clientAddress(request({ headers: { 'x-forwarded-for': '192.0.2.1' } }))).toBeNull();
  });

  it.each(['192.0.2.1', '2001:db8::1', '2001:DB8::1', '::ffff:192.0.2.1', 'fe80::1%eth0'])(
    'is what the host says: %s',
    async (address) => {
      expect(await addressBy(() => address)).toEqual([address, []]);
    },
  );

  it('is found in the request of the framework', async () => {
    const { auth } = await scene({ clientAddress: ({ raw }) => (raw as { ip: string }).ip });
    expect(auth.context.clientAddress({ ...request(), raw: { ip: '192.0.2.1' } })).toBe('192.0.2.1');
  });

  it.each([
    null,
    undefined,
    42,
    '',
    'unknown',
    '192.0.2.1, 192.0.2.2',
    '192.0.2.1\n',
    'f'.repeat(64),
    `fe80::1%${'f'.repeat(17)}`,
    `bursar_live_${'k'.repeat(38)}`,
    ['192.0.2.1'],
  ])('is not known where the host gives what is none: %j', async (given) => {
    expect(await addressBy(() => given)).toEqual([null, []]);
  });

  it('is asked for once a request, whoever needs it', async () => {
    const clientAddress = vi.fn(() => '192.0.2.1');
    const limiter = vi.fn(() => ({ ok: true as const }));
    const { auth, events } = await scene({ clientAddress, limiter });
    const view = request({ headers: { authorization: 'Bearer nothing' } });
    await auth.guard.apiKey(view);
    expect(limiter.mock.calls).toMatchObject([[{ address: '192.0.2.1' }]]);
    expect([events[0]?.address, auth.context.clientAddress(view)]).toEqual(['192.0.2.1', '192.0.2.1']);
    expect(clientAddress).toHaveBeenCalledOnce();
    auth.context.clientAddress(request());
    expect(clientAddress).toHaveBeenCalledTimes(2);
  });

  it('is not known where the host throws, which is told to onError', async () => {
    const bug = new Error('no socket');
    const throwing = () => {
      throw bug;
    };
    expect(await addressBy(throwing)).toEqual([null, [bug]]);
  });
});
