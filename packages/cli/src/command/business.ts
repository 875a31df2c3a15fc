import type { Command } from '../command.js';
import { given } from '../exit.js';
import { table, time, wire } from '../print.js';

/** Makes a business. */
export const createBusiness: Command = {
  name: 'business create',
  about: 'Makes both sides of a business, live and test. One that exists stays as it is.',
  operands: ['<id>'],
  options: {
    name: { value: '<text>', about: 'for people; the id, where it is left out' },
    currency: { value: '<code>', about: 'ISO 4217; USD, where it is left out' },
  },
  async run(call) {
    const [id = ''] = call.operands;
    const [name, currency] = [call.text('name'), call.text('currency')];
    const { auth } = await call.payouts();
    const options = { id, ...(name === undefined ? {} : { name }), ...(currency === undefined ? {} : { currency }) };
    const { live, test } = await given(() => auth.businesses.create(options));
    return {
      json: wire({ live, test }),
      text: table(
        ['ID', 'MODE', 'NAME', 'CURRENCY', 'CREATED'],
        [live, test].map((side) => [side.id, side.mode, side.name, side.currency, time(side.createdAt)]),
      ),
    };
  },
};
