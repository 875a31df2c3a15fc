import { digest } from '@bursar/core';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Kept } from '../documents.js';
import type { DashboardState, Operator, Passkey } from '../state.js';
import { type ChallengePurpose, isChallenge, newChallenge, useChallenge } from './challenge.js';

type RegistrationResponse = Parameters<typeof verifyRegistrationResponse>[0]['response'];
type AuthenticationResponse = Parameters<typeof verifyAuthenticationResponse>[0]['response'];

const MAX_PASSKEYS = 20;

const idOf = (credentialId: string): string => digest(credentialId);

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));

/** The passkeys of an operator. */
export async function passkeysOf(
  { passkeys }: DashboardState,
  operator: Kept<Operator>,
): Promise<readonly Kept<Passkey>[]> {
  return (await passkeys.list()).filter(({ body }) => isHis(operator, body));
}

function isHis(operator: Kept<Operator>, { operatorId, since }: Passkey): boolean {
  return operatorId === operator.id && since === operator.body.since;
}

/** What a browser needs to make a passkey for an operator. */
export async function registrationOptions(state: DashboardState, operator: Kept<Operator>) {
  const known = await passkeysOf(state, operator);
  return generateRegistrationOptions({
    rpName: 'Payouts',
    rpID: state.origin.hostname,
    userName: operator.body.name,
    userID: bytes(operator.id),
    challenge: bytes(newChallenge(state, 'register')),
    excludeCredentials: known.map(({ body }) => ({ id: body.credentialId })),
    // It can be found without a name, and asks for a finger or a PIN: it stands for both factors.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Keeps the passkey that a browser has made; `null` where its answer proves nothing. */
export async function addPasskey(
  state: DashboardState,
  operator: Kept<Operator>,
  { response, label }: { readonly response: unknown; readonly label: string },
): Promise<Kept<Passkey> | null> {
  const { expected, use } = expectations(state, 'register');
  const verified = await refusing(() =>
    verifyRegistrationResponse({ response: response as RegistrationResponse, ...expected }),
  );
  if (verified?.registrationInfo === undefined || !(await use())) return null;
  if ((await passkeysOf(state, operator)).length >= MAX_PASSKEYS) return null;
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  const body: Passkey = {
    operatorId: operator.id,
    since: operator.body.since,
    credentialId: id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports,
    label,
  };
  return (await state.passkeys.put(idOf(id), null, body)) ?? null;
}

/** What a browser needs to ask for a passkey: it finds the right one by itself, so that no name is asked for. */
export function authenticationOptions(state: DashboardState) {
  return generateAuthenticationOptions({
    rpID: state.origin.hostname,
    challenge: bytes(newChallenge(state, 'sign_in')),
    userVerification: 'required',
  });
}

/** Whose passkey has answered; `null` where the answer proves nothing. */
export async function passkeyOperator(state: DashboardState, response: unknown): Promise<Kept<Operator> | null> {
  const credentialId = (response as { readonly id?: unknown } | null)?.id;
  if (typeof credentialId !== 'string' || credentialId.length > 2048) return null;
  const passkey = await state.passkeys.find(idOf(credentialId));
  if (passkey === undefined) return null;
  const { expected, use } = expectations(state, 'sign_in');
  const verified = await refusing(() =>
    verifyAuthenticationResponse({
      response: response as AuthenticationResponse,
      ...expected,
      credential: {
        id: passkey.body.credentialId,
        publicKey: Uint8Array.from(Buffer.from(passkey.body.publicKey, 'base64url')),
        counter: passkey.body.counter,
      },
    }),
  );
  if (verified?.verified !== true || !(await use())) return null;
  const counter = verified.authenticationInfo.newCounter;
  if (counter !== passkey.body.counter) {
    await state.passkeys.put(passkey.id, passkey.version, { ...passkey.body, counter });
  }
  const operator = await state.operators.find(passkey.body.operatorId);
  return operator !== undefined && isHis(operator, passkey.body) ? operator : null;
}

/** What an answer must prove; `use` takes the challenge that it named, which no second answer may name. */
function expectations(state: DashboardState, purpose: ChallengePurpose) {
  let challenge = '';
  const expected = {
    expectedChallenge(sent: string) {
      challenge = Buffer.from(sent, 'base64url').toString();
      return isChallenge(state, purpose, challenge);
    },
    expectedOrigin: state.origin.origin,
    expectedRPID: state.origin.hostname,
    requireUserVerification: true,
  };
  return { expected, use: () => useChallenge(state, challenge) };
}

// The library throws for whatever is wrong with an answer. What it says is of use to nobody but an attacker.
async function refusing<Verified>(verify: () => Promise<Verified>): Promise<Verified | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}
