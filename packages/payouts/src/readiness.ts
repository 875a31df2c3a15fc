import type { Readiness } from '@bursar/core';
import type { PayoutsContext } from './options.js';

/** The readiness of authentication, and whether what is sealed can be opened: destinations, secrets of webhooks. */
export async function checkReadiness({ auth, storage }: PayoutsContext): Promise<Readiness> {
  const { secrets, onError } = auth.context;
  const { problems } = await auth.checkReadiness();
  try {
    const destinations = await storage.listDestinationSecretIds();
    const endpoints = await storage.listWebhookSecretIds();
    const missing = (ids: readonly string[], what: string): string[] =>
      ids
        .filter((id) => !secrets.ids.includes(id))
        .map((id) => `${what} are sealed with the secret "${id}", which is not configured.`);
    const sealed = [
      ...missing(destinations, 'Destinations of withdrawals'),
      ...missing(endpoints, 'Secrets of webhook endpoints'),
    ];
    return { ready: problems.length + sealed.length === 0, problems: [...problems, ...sealed] };
  } catch (error) {
    onError(error);
    return { ready: false, problems: [...new Set([...problems, 'Storage does not answer.'])] };
  }
}
