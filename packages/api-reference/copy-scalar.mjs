/** Puts Scalar's script beside what was built: with its hundred dependencies it would weigh more than all of Bursar. */
import { readFileSync, writeFileSync } from 'node:fs';

const scalar = new URL('node_modules/@scalar/api-reference/', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', scalar), 'utf8'));
const script = readFileSync(new URL('dist/browser/standalone.js', scalar), 'utf8').replace(
  /\n\/\/# sourceMappingURL=.*/,
  '',
);
const notice = `/*!
@scalar/api-reference ${version}, https://github.com/scalar/scalar

MIT License. Copyright (c) 2023-present Scalar

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
*/
`;
writeFileSync(new URL('dist/scalar.js', import.meta.url), notice + script);
