/** Colours and shape of the wallet, as CSS has them: `#1f4fd8`, `rgb(31 79 216)`, `teal`. */
export interface WalletTheme {
  /** Of buttons and what is chosen. Text of this colour stands on the surface: give it a contrast of 4.5. */
  readonly accent?: string | undefined;
  /** Of text on a button. */
  readonly onAccent?: string | undefined;
  readonly background?: string | undefined;
  /** Of the cards. */
  readonly surface?: string | undefined;
  readonly text?: string | undefined;
  readonly muted?: string | undefined;
  readonly border?: string | undefined;
  readonly good?: string | undefined;
  readonly bad?: string | undefined;
  /** Of the corners of cards: `0`, `12px`. */
  readonly radius?: string | undefined;
  /** Of fonts that the reader has: `Georgia, serif`. */
  readonly font?: string | undefined;
}

/** Where the wallet is, and how it looks. */
export interface WalletOptions {
  /** The page's whole path, for example `/wallet`. Its script and style lie below it. */
  readonly path: string;
  /** Where the payout API is mounted, for example `/v1`, or `https://api.example.com/v1`. */
  readonly api: string;
  /** The title of the page and the heading in it. @default the wallet's own, in the reader's language */
  readonly heading?: string | undefined;
  /** The language of the page: `en`, `fr`, `es` or `ar`. @default the first of the reader's languages that there is */
  readonly lang?: string | undefined;
  /** The URL of an image; its origin is allowed in the page's policy. @default none */
  readonly logo?: string | undefined;
  /** `light` or `dark`. @default what the reader's system has */
  readonly scheme?: 'light' | 'dark' | undefined;
  /** @default the wallet's own colours, light and dark */
  readonly theme?: WalletTheme | undefined;
  /** The same for the dark scheme. @default that of `theme` for accents, or else the wallet's own */
  readonly darkTheme?: Omit<WalletTheme, 'radius' | 'font'> | undefined;
  /** Origins whose pages may show the wallet in a frame: `https://www.example.com`. @default none */
  readonly allowedFrameOrigins?: readonly string[] | undefined;
}

/** The options, checked. */
export interface CheckedOptions {
  readonly path: string;
  /** The attributes of the element. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly title: string;
  readonly lang: string;
  /** The CSS variables. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly policy: string;
}

const COLOURS = ['accent', 'onAccent', 'background', 'surface', 'text', 'muted', 'border', 'good', 'bad'] as const;
const SHAPES = ['radius', 'font'] as const;

// Colours, lengths and names of fonts; nothing that ends a declaration or loads something.
const CSS_VALUE = /^(?!.*url\()[\w#%.,()'"\s/-]{1,200}$/i;

/** Checks the options. @throws {TypeError} which names the one that is wrong, and its rule. */
export function checked(options: WalletOptions): CheckedOptions {
  const { path, api, heading, lang, logo, scheme, theme, darkTheme, allowedFrameOrigins = [] } = options;
  must(
    typeof path === 'string' && /^(?:\/[\w.~-]+)+$/.test(path),
    'path',
    'a whole path without a slash at its end, such as "/wallet"',
  );
  const apiOrigin = originOf('api', api, 'a path or an https URL without query and fragment, such as "/v1"');
  must(heading === undefined || (typeof heading === 'string' && heading !== ''), 'heading', 'a text');
  must(lang === undefined || /^[a-z]{2,3}(-[\w-]{1,30})?$/i.test(lang), 'lang', 'a language, such as "fr"');
  const logoOrigin = logo === undefined ? null : originOf('logo', logo, 'a path or an https URL');
  must(scheme === undefined || scheme === 'light' || scheme === 'dark', 'scheme', '"light" or "dark"');
  must(
    Array.isArray(allowedFrameOrigins) && allowedFrameOrigins.every(isOrigin),
    'allowedFrameOrigins',
    'exact origins, such as "https://www.example.com"',
  );
  return {
    path,
    attributes: { api, ...given({ heading, lang, logo, theme: scheme }) },
    title: heading ?? 'Payout',
    lang: lang ?? 'en',
    variables: [...variablesOf('theme', theme, ''), ...variablesOf('darkTheme', darkTheme, '-dark')],
    policy: policyOf(apiOrigin, logoOrigin, allowedFrameOrigins),
  };
}

function must(holds: boolean, name: string, rule: string): asserts holds {
  if (!holds) throw new TypeError(`${name} must be ${rule}`);
}

/** The origin of a URL on another host; `null` for one on the page's own. */
function originOf(name: string, value: string, rule: string): string | null {
  const isPath = typeof value === 'string' && /^\/(?!\/)[^\s"<>\\?#]*$/.test(value);
  if (isPath) return null;
  must(typeof value === 'string' && /^https?:\/\/[^\s"<>\\?#;,@]+$/.test(value) && URL.canParse(value), name, rule);
  const { origin, protocol, hostname } = new URL(value);
  must(protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname), name, rule);
  return origin;
}

function isOrigin(origin: unknown): boolean {
  return (
    typeof origin === 'string' &&
    /^https?:\/\/[^*\s;,]+$/.test(origin) &&
    URL.canParse(origin) &&
    new URL(origin).origin === origin
  );
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function variablesOf(option: string, theme: WalletTheme | undefined, suffix: string): [string, string][] {
  if (theme === undefined) return [];
  const known: readonly string[] = suffix === '' ? [...COLOURS, ...SHAPES] : COLOURS;
  return Object.entries(given({ ...theme })).map(([name, value]) => {
    must(known.includes(name), `${option}.${name}`, `one of: ${known.join(', ')}`);
    must(typeof value === 'string' && CSS_VALUE.test(value), `${option}.${name}`, 'a value of CSS, such as "#1f4fd8"');
    return [`--bursar-${name.replace('onAccent', 'on-accent')}${suffix}`, value];
  });
}

/** Nothing from elsewhere, and nothing that stands in the page. @see https://www.w3.org/TR/CSP3/ */
function policyOf(apiOrigin: string | null, logoOrigin: string | null, frames: readonly string[]): string {
  const also = (origin: string | null): string => (origin === null ? "'self'" : `'self' ${origin}`);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${also(logoOrigin)} data:`,
    `connect-src ${also(apiOrigin)}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frames.length === 0 ? "'none'" : frames.join(' ')}`,
  ].join('; ');
}
