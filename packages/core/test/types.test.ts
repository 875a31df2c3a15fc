/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import { describe, expectTypeOf, it } from 'vitest';
import type * as Core from '../src/index.js';
import type * as Storage from '../src/storage.js';

type Any<Type> = 0 extends 1 & Type ? true : false;

/** The names of those exports, parameters, results and fields (to some depth) that are `any`. */
type Anys<Type, Depth extends unknown[] = []> =
  Any<Type> extends true
    ? 'any'
    : Depth['length'] extends 5
      ? never
      : Type extends abstract new (
            ...inputs: infer Inputs
          ) => unknown
        ? Anys<Inputs, [...Depth, 0]>
        : Type extends (...inputs: infer Inputs) => infer Output
          ? Anys<Inputs, [...Depth, 0]> | Anys<Output, [...Depth, 0]>
          : Type extends readonly (infer Item)[]
            ? Anys<Item, [...Depth, 0]>
            : Type extends Promise<infer Value>
              ? Anys<Value, [...Depth, 0]>
              : Type extends string | number | bigint | boolean | symbol | null | undefined | RegExp | Uint8Array
                ? never
                : Type extends Error
                  ? never
                  : {
                      [Name in keyof Type]-?: Anys<Type[Name], [...Depth, 0]> extends never ? never : Name;
                    }[keyof Type];

type Code = Core.BursarError['code'];

/** Compiles only while every code has its case. */
function statusOf(error: Core.BursarError): number {
  switch (error.code) {
    case 'missing_credential':
    case 'invalid_api_key':
    case 'invalid_payout_hash':
      expectTypeOf(error.body.error).toEqualTypeOf<'Unauthorized'>();
      return 401;
    case 'insufficient_scope':
    case 'secret_key_required':
    case 'payouts_disabled':
      expectTypeOf(error.status).toEqualTypeOf<403>();
      return 403;
    case 'insufficient_payout_balance':
    case 'insufficient_balance':
    case 'malformed_body':
    case 'invalid_idempotency_key':
      return 400;
    case 'invalid_fields':
      expectTypeOf(error.body).toEqualTypeOf<Core.FieldErrors>();
      return 422;
    case 'idempotency_key_reused':
      return 422;
    case 'body_too_large':
      return 413;
    case 'unsupported_media_type':
      return 415;
    case 'not_found':
      return 404;
    case 'method_not_allowed':
      return 405;
    case 'too_many_requests':
      return 429;
    case 'internal_error':
      return 500;
    case 'service_unavailable':
      return 503;
    default: {
      const none: never = error;
      return none;
    }
  }
}

describe('the types', () => {
  it('name every code of an error once, and each code has its own body', () => {
    expectTypeOf(statusOf).returns.toBeNumber();
    expectTypeOf<Code>().toEqualTypeOf<Core.BursarErrorCode>();
    expectTypeOf<Core.BursarErrorOf<'not_found'>['body']>().toEqualTypeOf<{ readonly error: 'Not found' }>();
    expectTypeOf<Core.BursarErrorOf<'service_unavailable'>['status']>().toEqualTypeOf<503>();
  });

  it('do not let a text pass for a digest or the id of a business, nor one for the other', () => {
    expectTypeOf<string>().not.toExtend<Core.Digest>();
    expectTypeOf<string>().not.toExtend<Core.BusinessId>();
    expectTypeOf<Core.Digest>().not.toExtend<Core.BusinessId>();
    expectTypeOf<Core.BusinessId>().not.toExtend<Core.Digest>();
    expectTypeOf<Core.Digest>().toExtend<string>();
    expectTypeOf(({} as typeof Core).digest).returns.toEqualTypeOf<Core.Digest>();
    expectTypeOf(({} as typeof Core).businessId).returns.toEqualTypeOf<Core.BusinessId>();
  });

  it('are the same at both entry points', () => {
    expectTypeOf<Storage.Digest>().toEqualTypeOf<Core.Digest>();
    expectTypeOf<Storage.BusinessId>().toEqualTypeOf<Core.BusinessId>();
  });

  it('are nowhere any', () => {
    // biome-ignore lint/suspicious/noExplicitAny: shows that one is found
    expectTypeOf<Anys<{ a: { b: (c: any) => void } }>>().toEqualTypeOf<'a'>();
    expectTypeOf<Anys<typeof Core>>().toBeNever();
    expectTypeOf<Anys<typeof Storage>>().toBeNever();
    expectTypeOf<Anys<Storage.CredentialStorage>>().toBeNever();
    expectTypeOf<Anys<Core.AuthOptions>>().toBeNever();
    expectTypeOf<Anys<Core.Auth>>().toBeNever();
    expectTypeOf<Anys<Core.RequestView>>().toBeNever();
    expectTypeOf<Anys<Core.SecurityEvent>>().toBeNever();
  });

  it('let a guard be asked what it found only after it was asked whether it let in', () => {
    expectTypeOf<Core.GuardResult<Core.ApiKeyPrincipal>>().not.toHaveProperty('principal');
    type LetIn = Extract<Core.GuardResult<Core.ApiKeyPrincipal>, { ok: true; preflight: false }>;
    expectTypeOf<LetIn['principal']>().toEqualTypeOf<Core.ApiKeyPrincipal>();
    type Refused = Extract<Core.GuardResult<Core.ApiKeyPrincipal>, { ok: false }>;
    expectTypeOf<Refused['error']>().toEqualTypeOf<Core.BursarError>();
  });

  it('show no digest of a key or a user', () => {
    expectTypeOf<Core.ApiKey>().not.toHaveProperty('digest');
    expectTypeOf<Core.PayoutUser>().not.toHaveProperty('digest');
    expectTypeOf<Core.PayoutUser>().not.toHaveProperty('normalizedEmail');
  });

  it('do not let what must be read only be written', () => {
    type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };
    expectTypeOf<Core.Business>().toEqualTypeOf<Readonly<Writable<Core.Business>>>();
    expectTypeOf<Core.ApiKey['scopes']>().toEqualTypeOf<readonly string[]>();
  });
});
