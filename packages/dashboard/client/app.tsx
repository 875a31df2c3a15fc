import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, signedOut } from './ask.js';
import type { PageProps, Session } from './model.js';
import { Account } from './pages/account.js';
import { Audit } from './pages/audit.js';
import { Keys } from './pages/keys.js';
import { Overview } from './pages/overview.js';
import { SettingsPage } from './pages/settings.js';
import { SignIn } from './pages/sign-in.js';
import { Usage } from './pages/usage.js';
import { User } from './pages/user.js';
import { Users } from './pages/users.js';
import { Webhooks } from './pages/webhooks.js';
import { WithdrawalPage } from './pages/withdrawal.js';
import { Withdrawals } from './pages/withdrawals.js';
import { Problem, Waiting } from './parts/show.js';
import { followLinks, go, type Place, urlOf, usePlace } from './place.js';

interface Page {
  readonly title: string;
  readonly list: FunctionComponent<PageProps>;
  /** For one of the list. */
  readonly one?: FunctionComponent<PageProps>;
  /** Whether it is there. */
  readonly when?: (session: Session) => boolean;
}

const PAGES: Readonly<Record<string, Page>> = {
  overview: { title: 'Overview', list: Overview },
  users: { title: 'Payout users', list: Users, one: User },
  withdrawals: { title: 'Withdrawals', list: Withdrawals, one: WithdrawalPage },
  keys: { title: 'API keys', list: Keys },
  webhooks: { title: 'Webhooks', list: Webhooks, when: ({ webhooks }) => webhooks },
  usage: { title: 'Usage', list: Usage, when: ({ usage }) => usage },
  audit: { title: 'Audit log', list: Audit },
  settings: { title: 'Settings', list: SettingsPage },
  account: { title: 'Your account', list: Account },
};

const HEADINGS: Readonly<Record<string, string>> = { keys: 'Developer', audit: 'Business' };

/** All pages. */
export function App() {
  const place = usePlace();
  const [session, setSession] = useState<Session | null>();
  const [problem, setProblem] = useState<string>();
  const load = async () => {
    const reply = await ask<Session>('GET /session');
    if (reply.ok) setSession(reply.body);
    else if (reply.status === 'signed_out') setSession(null);
    else setProblem(reply.message);
  };
  // Once, when the page comes up.
  useEffect(() => {
    const ended = () => setSession(null);
    signedOut.addEventListener('ended', ended);
    document.addEventListener('click', followLinks);
    if (place.page === 'sign-in') setSession(null);
    else void load();
    return () => {
      signedOut.removeEventListener('ended', ended);
      document.removeEventListener('click', followLinks);
    };
  }, []);
  const enter = () => {
    setSession(undefined);
    if (place.page === 'sign-in') go(urlOf('live', 'overview'), { replace: true });
    void load();
  };
  if (problem !== undefined) return <Problem>{problem}</Problem>;
  if (session === undefined) return <Waiting />;
  if (session === null) return <SignIn entered={enter} />;
  return <Frame place={place} session={session} left={() => setSession(null)} />;
}

interface FrameProps {
  readonly place: Place;
  readonly session: Session;
  readonly left: () => void;
}

function Frame({ place, session, left }: FrameProps) {
  const { side, page, id, query } = place;
  const found = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  const isThere = found !== undefined && found.when?.(session) !== false;
  const title = isThere ? found.title : 'Not found';
  const Shown = id !== undefined ? found?.one : found?.list;
  useEffect(() => {
    document.title = `${title} – ${session.business}`;
    // Whoever cannot see the page hears where it is now.
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [title, id, side, session.business]);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Header place={place} session={session} left={left} />
      <Menu place={place} session={session} />
      <main id="main">
        {side === 'test' && <p class="test-side">Test side: no real money moves here.</p>}
        {id === undefined && (
          <h1 tabIndex={-1} key={page}>
            {title}
          </h1>
        )}
        {isThere && Shown !== undefined ? (
          <Shown key={`${side}/${page}/${id}`} side={side} session={session} id={id} query={query} />
        ) : (
          <p>There is no such page.</p>
        )}
      </main>
    </div>
  );
}

function Header({ place, session, left }: FrameProps) {
  const other = place.side === 'live' ? 'test' : 'live';
  const signOut = async () => {
    await ask('DELETE /session');
    left();
  };
  return (
    <header>
      <p class="business">
        <bdi>{session.business}</bdi>
      </p>
      <a class="side" href={urlOf(other, place.id === undefined ? place.page : 'overview')}>
        Switch to {other}
      </a>
      <p class="who">
        <bdi>{session.name}</bdi> ({session.role})
      </p>
      {session.own_sign_in && (
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      )}
    </header>
  );
}

function Menu({ place, session }: Omit<FrameProps, 'left'>) {
  const menu = useRef<HTMLElement>(null);
  // On a phone the menu is wider than the page.
  useEffect(() => {
    menu.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [place.page]);
  return (
    <nav aria-label="Pages" ref={menu}>
      <ul>
        {Object.entries(PAGES)
          .filter(([page, { when }]) => when?.(session) !== false && (page !== 'account' || session.own_sign_in))
          .map(([page, { title }]) => (
            <li key={page}>
              {HEADINGS[page] !== undefined && <span class="heading">{HEADINGS[page]}</span>}
              <a href={urlOf(place.side, page)} aria-current={place.page === page ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
