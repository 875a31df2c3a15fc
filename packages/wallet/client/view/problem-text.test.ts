import { expect, it } from 'vitest';
import { languageOf } from '../messages/messages.js';
import { problemText } from './problem-text.js';

const { say } = languageOf(['en']);

it('calls a field by its label, in the words of the server too', () => {
  const problem = { text: 'The destination.iban must be a valid IBAN.' };
  expect(problemText(problem, 'destination.iban', 'Account $&', say)).toBe('The Account $& must be a valid IBAN.');
  expect(problemText({ text: 'The amount is odd.' }, 'amount', 'Amount (USD)', say)).toBe('The amount is odd.');
});

it('says a sentence of ours, with its values', () => {
  expect(problemText({ key: 'tooLow', values: { minimum: '$5.00' } }, 'amount', 'Amount', say)).toBe(
    'The least is $5.00.',
  );
});

it('says nothing where nothing is wrong', () => {
  expect(problemText(undefined, 'amount', 'Amount', say)).toBeNull();
});
