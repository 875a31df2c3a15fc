export { runHost, type Shown } from './run.js';
