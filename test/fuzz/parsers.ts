/** All that reads what comes from outside. */
import type { NamedParser } from './parser.js';
import { configuration } from './parsers/configuration.js';
import { credentials } from './parsers/credentials.js';
import { money } from './parsers/money.js';
import { network } from './parsers/network.js';
import { requests } from './parsers/requests.js';

export const PARSERS: readonly NamedParser[] = [...credentials, ...requests, ...configuration, ...money, ...network];
