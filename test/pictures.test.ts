/** Every page has its pictures, and the guides show them. `npm run pictures` takes them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { linksOf } from './docs/markdown.js';
import { DASHBOARD_SHOTS } from './pictures/dashboard-shots.js';
import { FORMS, type Form, fileOf, SCHEMES, type Shot } from './pictures/shots.js';
import { WALLET_SHOTS } from './pictures/wallet-shots.js';
import { root } from './tidy/tree.js';

const folder = join(root, 'docs/pictures');

const filesOf = (shots: readonly Shot[]): string[] =>
  shots.flatMap((shot) =>
    (Object.keys(FORMS) as Form[]).flatMap((form) => SCHEMES.map((scheme) => fileOf(shot, form, scheme))),
  );

/** The pages that the router of the dashboard knows, `users/one` for the page of one of a list. */
function pagesOf(source: string): string[] {
  const pages: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'PAGES' && node.initializer !== undefined) {
      ts.forEachChild(node.initializer, (page) => {
        if (!ts.isPropertyAssignment(page) || !ts.isObjectLiteralExpression(page.initializer)) return;
        const name = page.name.getText();
        const hasOne = page.initializer.properties.some((property) => property.name?.getText() === 'one');
        pages.push(name, ...(hasOne ? [`${name}/one`] : []));
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('app.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return pages;
}

describe('the pictures', () => {
  it('are of every page of the dashboard', () => {
    const source = readFileSync(join(root, 'packages/dashboard/client/app.tsx'), 'utf8');
    const pages = pagesOf(source);
    expect(pages).toContain('users/one');
    expect(DASHBOARD_SHOTS.flatMap(({ page }) => page ?? []).sort()).toEqual(pages.sort());
    const more = source.replace('PAGES: Readonly<Record<string, Page>> = {', '$& more: { one: More },');
    expect(pagesOf(more)).toEqual(expect.arrayContaining(['more', 'more/one']));
  });

  it('are there, light and dark, of a phone and a desktop, and no others', () => {
    expect(readdirSync(folder).sort()).toEqual(filesOf([...DASHBOARD_SHOTS, ...WALLET_SHOTS]).sort());
  });

  it.each([
    ['dashboard', DASHBOARD_SHOTS],
    ['wallet', WALLET_SHOTS],
  ])('are all shown in the guide of the %s', (guide, shots) => {
    const markdown = readFileSync(join(root, `docs/guides/${guide}.md`), 'utf8');
    const shown = linksOf(markdown).map(({ target }) => target);
    expect(filesOf(shots).filter((file) => !shown.includes(`../pictures/${file}`))).toEqual([]);
  });
});
