import { type RequestView, redact, redactText, requestId, type SecurityEvent } from '@bursar/core';
import type { Answered } from '@bursar/payouts/http';
import type { Observer } from './observer.js';

/** What lines are written with: a pino logger is one. */
export interface LogSink {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Logs: an observer that has all but traces. */
export interface Logs extends Observer {
  onAnswer(answered: Answered): void;
  onSecurityEvent(event: SecurityEvent, request: RequestView | null): void;
  onError(error: unknown): void;
}

/**
 * Writes one line for each answer of the API, each security event, and each fault. No line has a credential, a parameter of a
 * URL or a body; a request that carried one leaves its id alone.
 *
 * @example
 * const logger = pino(pinoOptions);
 * createPayouts({ storage, secret, ...observing(logsTo(logger)) });
 */
export function logsTo(sink: LogSink): Logs {
  return {
    onAnswer(answered) {
      const level = answered.status >= 500 ? 'error' : 'info';
      sink[level](
        answerFields(answered),
        `${answered.route ?? `${answered.method} ${answered.path}`} ${answered.status}`,
      );
    },
    onSecurityEvent(event, request) {
      const level = isWarning(event) ? 'warn' : 'info';
      sink[level]({ ...event, requestId: request === null ? null : requestId(request) }, event.type);
    },
    onError(error) {
      sink.error({ error: faultFields(error) }, 'fault');
    },
  };
}

function answerFields(answered: Answered): object {
  const { requestId: id, method, route, path, status, durationMs, businessId, credential, replayed } = answered;
  const who =
    credential === null ? {} : { [credential.kind === 'api_key' ? 'apiKeyId' : 'payoutUserId']: credential.id };
  const ms = Math.round(durationMs * 1000) / 1000;
  return { requestId: id, method, route, path, status, ms, businessId, ...who, ...(replayed ? { replayed } : {}) };
}

function isWarning({ type }: SecurityEvent): boolean {
  return type === 'credential_refused' || type === 'request_throttled';
}

function faultFields(error: unknown): unknown {
  if (!(error instanceof Error) || error.stack === undefined) return redact(error);
  return { ...(redact(error) as object), stack: redactText(error.stack) };
}
