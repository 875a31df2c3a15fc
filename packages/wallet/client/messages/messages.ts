import { ar } from './ar.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';

/** The name of a sentence. */
export type MessageKey = keyof typeof en;

/** All sentences of one language: one that is missing is an error of the compiler. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** Says a sentence, with its `{places}` filled. */
export type Say = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

/** One language: how it is written, and what is said in it. */
export interface Language {
  /** As the Intl API takes it, with the region that was asked for: `fr-CA`. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly say: Say;
}

/** Every language that there is a file for. */
export const LANGUAGES: Readonly<Record<string, Messages>> = { en, fr, es, ar };

const RIGHT_TO_LEFT = new Set(['ar']);

/**
 * The first of the wanted languages (BCP 47) that there is, or else English.
 *
 * @example
 * languageOf(['de-CH', 'fr-CH']).tag; // 'fr-CH'
 */
export function languageOf(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const name = tag?.split('-')[0]?.toLowerCase() ?? '';
    const messages = Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name] : undefined;
    if (tag && messages !== undefined && isTag(tag)) return languageFrom(tag, name, messages);
  }
  return languageFrom('en', 'en', en);
}

function languageFrom(tag: string, name: string, messages: Messages): Language {
  const direction = RIGHT_TO_LEFT.has(name) ? 'rtl' : 'ltr';
  return {
    tag,
    direction,
    say: (key, values = {}) => messages[key].replace(/\{(\w+)\}/g, (place, value: string) => values[value] ?? place),
  };
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
