import { root } from './root.mjs';

/** Where every test run leaves its JSON report. `ci.mjs` adds up all that are there. */
export const reportsFolder = `${root}/.cache/test-reports`;
