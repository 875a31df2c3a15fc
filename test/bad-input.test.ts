/** What a hostile client may send: it is refused, by every framework alike, and changes nothing. */
import { describeBadInput } from './bad-input/suite.js';
import { frameworks } from './http/frameworks.js';

for (const [name, framework] of frameworks) describeBadInput(name, framework);
