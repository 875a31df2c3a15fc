import { describe, expect, it } from 'vitest';
import type { Route } from '../route.js';
import { userRoutes } from '../user.js';
import { operation } from './operation.js';
import { RefusalResponses } from './responses.js';
import { answerComponents } from './schemas.js';

const made = (...routes: [Route, ...Route[]]) =>
  operation({ refusals: new RefusalResponses(), answers: answerComponents(), methods: new Map() }, routes);

describe('an operation of two routes', () => {
  it('takes an Idempotency-Key where either of them does', () => {
    const [route] = userRoutes as readonly [Route];
    const document = { ...route.document, takesIdempotencyKey: true };
    const { parameters } = made(route, { ...route, credential: 'api_key', document });
    expect(parameters).toEqual([{ $ref: '#/components/parameters/IdempotencyKey' }]);
    expect(made(route)).not.toHaveProperty('parameters');
  });
});
