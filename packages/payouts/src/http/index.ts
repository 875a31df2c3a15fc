export { type ApiAnswer, refusalAnswer } from './answer.js';
export type { CorsOptions } from './cors.js';
export {
  announcedBody,
  announcedNodeBody,
  decodedBody,
  type NodeRequest,
  type NodeStream,
  readNodeBody,
  readWebBody,
} from './framework/body.js';
export { faultOf, isFault } from './framework/faults.js';
export { nodeHeader, nodeQuery } from './framework/node-request.js';
export { readIdempotencyKey } from './idempotency-key.js';
export { type OpenApiDocument, type OpenApiOptions, openApiDocument } from './openapi/document.js';
export { type OperatorCall, type OperatorRoute, operatorRoutes } from './operator.js';
export {
  apiKeyGuardOptionsOf,
  authOf,
  bodyLimitOf,
  type PayoutApiOptions,
  payoutsOf,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
} from './options.js';
export type { ApiRequest } from './route.js';
export { type ApiPath, type ApiPathsOptions, payoutApiPaths } from './routes.js';
export type { Answered, Asked } from './watch.js';
