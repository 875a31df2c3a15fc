import { startAuthentication } from '@simplewebauthn/browser';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Reply } from '../ask.js';
import { Problem } from '../parts/show.js';
import { signInPlace } from '../place.js';

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** For whoever is not signed in, or no longer: afterwards the page is the one that it was. */
export function SignIn({ entered }: { readonly entered: () => void }) {
  return signInPlace === 'own' ? <OwnSignIn entered={entered} /> : <HostSignIn />;
}

function HostSignIn() {
  return (
    <main class="sign-in">
      <h1>Sign in to payouts</h1>
      {signInPlace === '' ? (
        <p>Sign in to the application that this belongs to, and come back.</p>
      ) : (
        <a href={signInPlace}>Sign in</a>
      )}
    </main>
  );
}

function OwnSignIn({ entered }: { readonly entered: () => void }) {
  const [problem, setProblem] = useState<string>();
  const isBusy = useRef(false);
  const settle = (reply: Reply<unknown>) => {
    isBusy.current = false;
    if (reply.ok) entered();
    else setProblem(reply.message);
  };
  // The link in the address bar is used once: also one that is opened where this page is open already.
  useEffect(() => {
    document.title = 'Sign in';
    const redeem = () => {
      const token = location.hash.slice(1);
      if (token === '' || !location.pathname.endsWith('/sign-in')) return;
      // Out of the address bar, and of the history with it.
      history.replaceState(null, '', location.pathname);
      void ask('POST /session/link', { token }).then(settle);
    };
    redeem();
    addEventListener('hashchange', redeem);
    return () => removeEventListener('hashchange', redeem);
  }, []);
  const withPasskey = async () => {
    if (isBusy.current) return;
    isBusy.current = true;
    const options = await ask<Options>('POST /session/challenge', {});
    if (!options.ok) return settle(options);
    try {
      const response = await startAuthentication({ optionsJSON: options.body });
      settle(await ask('POST /session/passkey', { response }));
    } catch {
      isBusy.current = false;
      setProblem('No passkey was given. Try again, or ask an owner for a link.');
    }
  };
  return (
    <main class="sign-in">
      <h1>Sign in to payouts</h1>
      {problem !== undefined && <Problem>{problem}</Problem>}
      <button type="button" class="primary" onClick={() => void withPasskey()}>
        Sign in with a passkey
      </button>
      <p class="hint">No passkey yet? An owner can make a link for you in the settings, or the command line can.</p>
    </main>
  );
}
