import { describe, expect, it } from 'vitest';
import { LANGUAGES, languageOf } from './messages.js';

const { en = {} as never } = LANGUAGES;
const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each(Object.entries(LANGUAGES))('the messages in %s', (name, messages) => {
  it('say everything, with the same places to fill', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      const said: string = messages[key as keyof typeof en];
      expect([key, placesOf(said)]).toEqual([key, placesOf(text)]);
      expect(said.trim()).not.toBe('');
    }
  });

  it('leave nothing in English', () => {
    const same = Object.keys(en).filter((key) => messages[key as keyof typeof en] === en[key as keyof typeof en]);
    expect(same).toEqual(name === 'en' ? Object.keys(en) : []);
  });
});

describe('the language', () => {
  it.each([
    [['fr-CA', 'en'], 'fr-CA', 'ltr'],
    [['de', 'es-MX'], 'es-MX', 'ltr'],
    [['AR'], 'AR', 'rtl'],
    [[null, undefined, ''], 'en', 'ltr'],
    [['constructor', '__proto__'], 'en', 'ltr'],
    [['fr-', 'es'], 'es', 'ltr'],
    [['de'], 'en', 'ltr'],
  ] as const)('for %j is %s, %s', (wanted, tag, direction) => {
    expect(languageOf(wanted)).toMatchObject({ tag, direction });
  });

  it('fills the places of a sentence, each once, and no place that a value has', () => {
    const { say } = languageOf(['en']);
    expect(say('changed', { amount: '{status}', status: 'paid' })).toBe('Withdrawal of {status}: paid.');
  });
});
