export type { WalletOptions, WalletTheme } from './options.js';
export { type WalletPage, wallet } from './wallet.js';
