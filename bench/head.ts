import { HEAD } from './compare.js';

console.log(HEAD);
