/** The PostgreSQL storage is also tested through PgBouncer. */
import { installFromDebian } from './install-from-debian.mjs';

installFromDebian('pgbouncer');
