import { join } from 'node:path';
import { root } from '../test/tidy/tree.js';
import { buildSite } from './build.js';
import { brokenSiteLinks } from './links.js';

const folder = join(root, 'site/dist');
const pages = buildSite(folder);
const broken = brokenSiteLinks(folder);
process.stdout.write(`${[...broken, `${pages} pages: ${join(folder, 'index.html')}`].join('\n')}\n`);
if (broken.length > 0) process.exitCode = 1;
