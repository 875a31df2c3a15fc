export { EXIT } from './exit.js';
export type { Bar, Io } from './io.js';
export { runCli } from './run.js';
