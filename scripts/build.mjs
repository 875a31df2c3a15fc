/** Builds every package: ESM, CommonJS and declarations in its `dist/`. They read each other's sources: no order. */
import { pnpm } from './pnpm.mjs';

await pnpm(['--filter', './packages/*', '--no-sort', '--workspace-concurrency', '2', 'run', 'build'], { quiet: true });
