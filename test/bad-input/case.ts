import type { Sent } from '../http/target.js';
import type { World } from '../http/world.js';

/** One request that has to be refused. */
export interface BadInput {
  readonly name: string;
  sent(world: World): Sent;
  readonly status: number;
}

/** Many requests to one place, by name. */
export function casesOf<Input>(
  about: string,
  status: number,
  inputs: Readonly<Record<string, Input>>,
  sent: (world: World, input: Input) => Sent,
): readonly BadInput[] {
  return Object.entries(inputs).map(([name, input]) => ({
    name: `${about}: ${name}`,
    sent: (world) => sent(world, input),
    status,
  }));
}
