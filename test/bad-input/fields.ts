import { type BadInput, casesOf } from './case.js';

/** As they stand in the JSON text. */
const AMOUNTS: Readonly<Record<string, string>> = {
  'a text': '"100"',
  'a fraction': '1.5',
  'a fraction in disguise': '15e-1',
  zero: '0',
  'minus zero': '-0',
  negative: '-1',
  infinite: '1e400',
  'minus infinite': '-1e400',
  'nearly zero': '1e-400',
  'above the limit': '100000001',
  'beyond what a number keeps apart': '9007199254740993',
  'many digits': '9'.repeat(1_000),
  true: 'true',
  null: 'null',
  'an array': '[1]',
  'an object': '{"valueOf":1}',
};

const EMAILS: Readonly<Record<string, string>> = {
  'a number': '1',
  'an array': '["ada@example.com"]',
  'an object': '{"toString":"ada@example.com"}',
  null: 'null',
  empty: '""',
  blank: '"  "',
  '256 characters': `"${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.examples"`,
  '60,000 characters': `"${'a'.repeat(60_000)}@example.com"`,
  'a line break': '"ada@example.com\\n"',
  'a line break and a header': '"ada@example.com\\r\\nBcc: eve@example.com"',
  'two @': '"ada@example.com@example.com"',
  'no @': '"ada.example.com"',
  'nothing before the @': '"@example.com"',
  'nothing behind the @': '"ada@"',
  'an @ that only looks like one': '"ada\uff20example.com"',
  'a dot that only looks like one': '"ada@example\u3002com"',
  'a combining character in place of the domain': '"ada@\u0301"',
  'what cannot be seen': '"ada\u200b@example.com"',
  'a mark of direction': '"\u202eada@example.com"',
  NUL: '"ada\\u0000@example.com"',
  'NUL at the end': '"ada@example.com\\u0000"',
  'a lone surrogate': '"ada\\ud800@example.com"',
};

const create = (fields: string) => (key: string) => ({
  method: 'POST',
  path: '/v1/payout/create',
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: fields,
});

/** Fields that break a rule. */
export const fields: readonly BadInput[] = [
  ...casesOf('amount', 422, AMOUNTS, ({ keys }, amount) =>
    create(`{"email":"ada@example.com","amount":${amount}}`)(keys.good),
  ),
  ...casesOf('amount to fund', 422, AMOUNTS, ({ keys }, amount) => ({
    ...create(`{"amount":${amount}}`)(keys.good),
    path: '/v1/payout/fund',
  })),
  ...casesOf('email', 422, EMAILS, ({ keys }, email) => create(`{"email":${email},"amount":1}`)(keys.good)),
];
