import { test } from 'vitest';
import { VitestTestRunner } from 'vitest/runners';

/**
 * A test file that cannot be loaded has a test that fails: to Stryker, which reads results of tests alone, such a mutant would
 * be one that no test notices.
 */
// biome-ignore lint/style/noDefaultExport: Vitest asks for one.
export default class LoadingTestRunner extends VitestTestRunner {
  override async importFile(path: string, source: 'collect' | 'setup'): Promise<unknown> {
    try {
      return await super.importFile(path, source);
    } catch (error) {
      if (source === 'setup') throw error;
      test('can be loaded', () => {
        throw error;
      });
      return undefined;
    }
  }
}
