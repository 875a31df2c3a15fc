import { dashboard, type Role } from '@bursar/dashboard';
import { BUSINESS, type Command } from '../command.js';
import { CliError, given } from '../exit.js';
import { time, visible, wire } from '../print.js';

const ROLES: readonly string[] = ['owner', 'operator', 'viewer'] satisfies Role[];

/** Lets the first operator in, and one who has lost the passkey. */
export const linkToDashboard: Command = {
  name: 'dashboard link',
  about:
    'Shows a link that signs an operator in, once, within a quarter of an hour; makes the operator where there is none.',
  operands: ['<name>'],
  options: {
    business: BUSINESS,
    url: {
      value: '<url>',
      about: 'the dashboard, as the browser sees it: https://pay.example.com/dashboard',
      required: true,
    },
    role: { value: '<role>', about: 'owner, operator or viewer; owner, where it is left out' },
  },
  async run(call) {
    const [name = ''] = call.operands;
    const role = call.text('role') ?? 'owner';
    if (!ROLES.includes(role)) throw new CliError('usage', '--role must be owner, operator or viewer.');
    const text = call.needed('url');
    if (!URL.canParse(text)) throw new CliError('usage', '--url must be the URL of the dashboard.');
    const { origin, pathname: path } = new URL(text);
    const payouts = await call.payouts();
    const link = await given(() => {
      const board = dashboard({ payouts, businessId: call.needed('business'), path, origin });
      return board.createSignInLink({ name, role: role as Role });
    });
    return {
      json: wire(link),
      text: `${link.url}\n\nIt works once, until ${time(link.expiresAt)}. Whoever opens it is ${visible(name)}.\n`,
    };
  },
};
