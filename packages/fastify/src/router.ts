import { Readable } from 'node:stream';
import { unsupportedMediaType } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import {
  type ApiPath,
  bodyLimitOf,
  faultOf,
  type PayoutApiOptions,
  payoutApiPaths,
  payoutsOf,
  refusalAnswer,
} from '@bursar/payouts/http';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { send, setHeaders } from './answer.js';
import { readBody } from './body.js';
import { answerErrors } from './faults.js';
import { requestView } from './view.js';

// A prefix may have a parameter of the same name.
const OWN = 'bursar_';

/**
 * The whole payout API, as a plugin to be registered under any prefix. Its parsers and its error handler are its own, and
 * change nothing around it.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * await app.register(payoutApi, { payouts, prefix: '/v1' });
 */
export const payoutApi: FastifyPluginAsync<PayoutApiOptions> = async (app, options) => {
  const payouts = payoutsOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  // Who asks comes before what is sent, and each rule of a body has its own answer.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.setErrorHandler((error: unknown, request, reply) => {
    // Of a type that is none, Fastify asks no parser.
    if (isInvalidType(error)) send(reply, viewOf(request, bodyLimit), refusalAnswer(unsupportedMediaType()));
    else answerFaults(error, request, reply);
  });
  const answerFaults = answerErrors({ auth: payouts.auth });
  for (const path of payoutApiPaths(payouts, options)) {
    app.all(path.path.replaceAll(':', `:${OWN}`), { exposeHeadRoute: false }, (request, reply) =>
      answerPath(payouts, path, bodyLimit, request, reply),
    );
  }
};

async function answerPath(
  { auth }: Payouts,
  path: ApiPath,
  bodyLimit: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const view = { ...viewOf(request, bodyLimit), param: (name: string) => param(request, `${OWN}${name}`) };
  setHeaders(reply, path.headers(view));
  try {
    send(reply, view, await path.answer(view));
  } catch (error) {
    throw faultOf(auth, error);
  }
  return reply;
}

function viewOf(request: FastifyRequest, bodyLimit: number) {
  // Methods without a body, by Fastify's rules, have no payload.
  const payload = request.body instanceof Readable ? request.body : request.raw;
  return requestView(request, async () => (await readBody(request, payload, bodyLimit)).body);
}

function param({ params }: FastifyRequest, name: string): string | undefined {
  const value = (params as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

function isInvalidType(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
}
