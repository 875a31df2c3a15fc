/** Puts Scalar's script beside what was built: with its hundred dependencies it would weigh more than all of Bursar. */
import { readFileSync, writeFileSync } from 'node:fs';

const scalar = new URL('node_modules/@scalar/api-reference/', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', scalar), 'utf8'));
const script = readFileSync(new URL('dist/browser/standalone.js', scalar), 'utf8').replace(
  /\n\/\/# sourceMappingURL=.*/,
  '',
);
const notice = `/*! @scalar/api-reference ${version}, MIT License, Copyright (c) 2023-present Scalar, https://github.com/scalar/scalar */\n`;
writeFileSync(new URL('dist/scalar.js', import.meta.url), notice + script);
