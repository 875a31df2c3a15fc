import type { Readiness } from '@bursar/core';
import type { PayoutsContext } from './options.js';

/** The readiness of authentication, and whether each destination can be opened that is still kept. */
export async function checkReadiness({ auth, storage }: PayoutsContext): Promise<Readiness> {
  const { secrets, onError } = auth.context;
  const { problems } = await auth.checkReadiness();
  try {
    const missing = (await storage.listDestinationSecretIds()).filter((id) => !secrets.ids.includes(id));
    const sealed = missing.map(
      (id) => `Destinations of withdrawals are sealed with the secret "${id}", which is not configured.`,
    );
    return { ready: problems.length + sealed.length === 0, problems: [...problems, ...sealed] };
  } catch (error) {
    onError(error);
    return { ready: false, problems: [...new Set([...problems, 'Storage does not answer.'])] };
  }
}
