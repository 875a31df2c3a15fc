export { type ApiReference, type ApiReferenceOptions, apiReference } from './reference.js';
