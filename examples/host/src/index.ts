export { runHost } from './run.js';
