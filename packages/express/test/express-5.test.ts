import { describeBody } from './suites/body.js';
import { describeFaults } from './suites/faults.js';
import { describeGuards } from './suites/guard.js';
import { describeRouter } from './suites/router.js';

describeGuards();
describeRouter();
describeBody();
describeFaults();
