/*!
 * Within: Preact, https://preactjs.com
 *
 * The MIT License (MIT)
 *
 * Copyright (c) 2015-present Jason Miller
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy
 * of this software and associated documentation files (the "Software"), to deal
 * in the Software without restriction, including without limitation the rights
 * to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
 * copies of the Software, and to permit persons to whom the Software is
 * furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all
 * copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
 * IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
 * AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
 * SOFTWARE.
 */
/**
 * `<bursar-wallet api="/v1">`: what a payout user sees and does, in a root of its own.
 *
 * @module
 */
import { payoutUserClient } from '@bursar/client';
import { h, render } from 'preact';
import { type FoundInLink, readLink, takeLink } from './link.js';
import { type Language, languageOf } from './messages/messages.js';
import { sessionIn } from './session.js';
import { STYLE } from './style.js';
import { App } from './view/app.js';
import { Wallet } from './wallet.js';

// A server that renders pages imports it too, and has no elements.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

// Short: the wallet itself says that it does not know yet, and asks again.
const TIMES = { timeoutMs: 10_000, deadlineMs: 20_000, maxRetries: 1 };

/**
 * The wallet as an element. It opens by the payout hash in the fragment of the page's URL, `#<64 hex>` or `#hash=<64 hex>`,
 * and takes that out of the address bar.
 *
 * Attributes: `api`, the URL of the payout API, relative to the page; `lang`; `theme`, `light` or `dark`; `heading`; `logo`,
 * the URL of an image.
 *
 * @example
 * import '@bursar/wallet/element';
 * // <bursar-wallet api="/v1"></bursar-wallet>
 */
export class BursarWallet extends Base {
  /** What it is told of when it changes. */
  static readonly observedAttributes: readonly string[] = ['lang', 'heading', 'logo'];

  #wallet: Wallet | undefined;
  #left: AbortController | undefined;
  #given: string | undefined;

  /**
   * Opens it for this payout hash, where a page has it from its own server and not from a link. It cannot be read back, and
   * is no attribute: those stand in the document.
   */
  set payoutHash(hash: string) {
    this.#given = hash;
    if (this.#wallet !== undefined) this.#open(this.#wallet, readLink(`#hash=${hash}`));
  }

  /** Called by the browser when the element is put into a page. */
  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const wallet = this.#makeWallet();
    this.#wallet = wallet;
    this.#left = new AbortController();
    const { signal } = this.#left;
    const wake = () => void wallet.wake();
    document.addEventListener('visibilitychange', wake, { signal });
    window.addEventListener('online', wake, { signal });
    // Another link that is opened in this tab changes the fragment alone.
    window.addEventListener('hashchange', () => this.#follow(wallet), { signal });
    // Set before the browser knew this class, it is a property of the object itself.
    const { payoutHash } = Object.getOwnPropertyDescriptors(this) as { payoutHash?: PropertyDescriptor };
    if (payoutHash !== undefined) {
      Reflect.deleteProperty(this, 'payoutHash');
      this.#given = String(payoutHash.value);
    }
    if (this.#given !== undefined) this.#open(wallet, readLink(`#hash=${this.#given}`));
    else if (!this.#follow(wallet)) void wallet.open(null);
  }

  /** Called by the browser when it is taken out. */
  disconnectedCallback(): void {
    this.#left?.abort();
    this.#wallet?.close();
    this.#wallet = undefined;
    if (this.shadowRoot !== null) render(null, this.shadowRoot);
  }

  /** Called by the browser when an attribute changes. */
  attributeChangedCallback(): void {
    this.#render();
  }

  #makeWallet(): Wallet {
    const api = new URL(this.getAttribute('api') ?? '', document.baseURI);
    return new Wallet({
      clientOf: (payoutHash) =>
        payoutUserClient({
          baseUrl: api.href,
          payoutHash,
          // Over http the page itself came in the clear.
          allowHttp: location.protocol === 'http:',
          ...TIMES,
        }),
      session: sessionIn(() => sessionStorage, api.href),
      language: () => this.#language().tag,
      newKey: () =>
        [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      after(ms, run) {
        const id = setTimeout(run, ms);
        return () => clearTimeout(id);
      },
      isVisible: () => document.visibilityState === 'visible',
      onChange: () => this.#render(),
    });
  }

  /** Follows the link in the address bar; whether there is one. */
  #follow(wallet: Wallet): boolean {
    const found = takeLink(window);
    this.#open(wallet, found);
    return found.kind !== 'none';
  }

  #open(wallet: Wallet, found: FoundInLink): void {
    if (found.kind === 'broken') wallet.showBrokenLink();
    else if (found.kind === 'hash') void wallet.open(found.hash);
  }

  #language(): Language {
    return languageOf([this.lang, ...navigator.languages]);
  }

  #render(): void {
    if (this.#wallet === undefined || this.shadowRoot === null) return;
    const { state } = this.#wallet;
    const attributes = { heading: this.getAttribute('heading'), logo: this.getAttribute('logo') };
    render(h(App, { state, language: this.#language(), wallet: this.#wallet, ...attributes }), this.shadowRoot);
  }
}

if (globalThis.customElements !== undefined && customElements.get('bursar-wallet') === undefined) {
  customElements.define('bursar-wallet', BursarWallet);
}
