import type { Language } from '../messages/messages.js';
import type { WalletState } from '../state.js';
import type { Wallet } from '../wallet.js';

/** What every part of the page is made from. */
export interface ViewProps {
  readonly state: WalletState;
  readonly language: Language;
  readonly wallet: Pick<Wallet, 'choose' | 'type' | 'submit' | 'more' | 'wake'>;
}
