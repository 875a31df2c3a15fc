/** Setup file: what was to run on a runtime fails on any other, so that no green of Node's is taken for that of Bun. */
const { versions } = process as { versions: Record<string, string | undefined> };
const name = ['bun', 'deno'].find((one) => versions[one] !== undefined) ?? 'node';
const found = `${name} ${versions[name]}`;
const { BURSAR_RUNTIME: asked } = process.env;
if (found !== asked) throw new Error(`This is ${found}, and not ${asked}.`);
