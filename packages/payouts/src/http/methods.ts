import { type ApiAnswer, answer } from './answer.js';
import { methodJson } from './json.js';
import type { RouteCall } from './route.js';

/** The payout methods that are open to a business's payout users: the same for them, and for the business's own page. */
export async function methodsAnswer({ context, business: { currency } }: RouteCall): Promise<ApiAnswer> {
  const open = [...context.methods.values()].filter((method) => method.enabled && method.pays(currency));
  return answer({ items: open.map((method) => methodJson(method, currency)) });
}
