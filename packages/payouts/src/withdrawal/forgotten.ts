/** The destination of a withdrawal is needed, and was forgotten: an export that it is part of cannot be made again. */
export class DestinationForgottenError extends Error {
  override readonly name = 'DestinationForgottenError';
  readonly code = 'destination_forgotten';

  constructor(
    readonly businessId: string,
    readonly withdrawalId: string,
  ) {
    super(`The destination of withdrawal ${withdrawalId} of ${businessId} was forgotten, as its retention time asks.`);
  }
}
