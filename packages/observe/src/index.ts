export { type LogSink, type Logs, logsTo } from './logs.js';
export { type Observer, observing } from './observer.js';
export { type PinoOptions, pinoOptions } from './pino-options.js';
export { type Traces, traces } from './traces.js';
export { type ListUsageOptions, type SumUsageOptions, type Usage, type UsageOptions, usageCounts } from './usage.js';
