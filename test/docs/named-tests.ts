/** The tests that a document names, `path › title`, and that are not there. `read` answers `undefined` for what does not exist. */
export function missingTests(path: string, markdown: string, read: (path: string) => string | undefined): string[] {
  return [...markdown.matchAll(/`([\w./-]+\.ts) › ([^`]+)`/g)].flatMap(([, file = '', title = '']) => {
    const text = read(file);
    if (text === undefined) return [`${path} names a test of ${file}, which does not exist.`];
    // As it stands in the source, where a quote may be escaped.
    return text.replaceAll('\\', '').includes(title) ? [] : [`${path} names "${title}", which ${file} does not have.`];
  });
}

/** The requirements of a document's tables that name no test: each row begins with its number. */
export function withoutTest(path: string, markdown: string): string[] {
  return markdown
    .split('\n')
    .filter((line) => /^\| (?:V\d+\.|API\d+ )/.test(line) && !/`[\w./-]+\.ts › /.test(line))
    .map((line) => `${path} names no test for ${line.split('|')[1]?.trim()}.`);
}
