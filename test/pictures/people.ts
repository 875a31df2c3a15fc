/** Somebody who takes part in studies. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly iban: string;
}

const IBANS = [
  'DE89370400440532013000',
  'GB82WEST12345698765432',
  'FR1420041010050500013M02606',
  'NL91ABNA0417164300',
  'ES9121000418450200051332',
] as const;

const NAMES = [
  'Maya Okafor',
  'Jonas Weber',
  'Léa Fontaine',
  'Priya Raman',
  'Tomás Herrera',
  'Amira Haddad',
  'Kenji Mori',
  'Ingrid Solberg',
  'Daniel Cohen',
  'Zofia Nowak',
  'Marcus Bell',
  'Noor van Dijk',
  'Elif Demir',
  'Sofia Rossi',
  'Theo Papadakis',
  'Grace Mwangi',
  'Lucas Almeida',
  'Hanna Virtanen',
] as const;

const addressOf = (name: string): string =>
  `${name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.')}@example.com`;

/** Those who take part. */
export const PEOPLE: readonly Person[] = NAMES.map((name, index) => ({
  name,
  email: addressOf(name),
  iban: IBANS[index % IBANS.length] ?? IBANS[0],
}));

/** What somebody gets money for. */
export interface Study {
  readonly amount: number;
  readonly reference: string;
}

/** What there is to take part in. */
export const STUDIES: readonly Study[] = [
  { amount: 15_000, reference: 'Diary study, one week' },
  { amount: 7_500, reference: 'Interview, 60 minutes' },
  { amount: 4_000, reference: 'Usability test, remote' },
  { amount: 12_000, reference: 'Workshop, half a day' },
  { amount: 2_500, reference: 'Survey on commuting' },
  { amount: 30_000, reference: 'Field visit, two days' },
];
