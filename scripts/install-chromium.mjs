/** The page of the API reference is tested in a browser. */
import { installFromDebian } from './install-from-debian.mjs';

installFromDebian('chromium');
