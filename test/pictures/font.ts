import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The pages use the reader's own system font. So that a bare server's looks like that of a phone, Inter stands for it here,
 * where it is installed (Debian: fonts-inter); otherwise what the machine has.
 */
export async function withFont(run: (env: Record<string, string>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-pictures-'));
  const file = join(folder, 'fonts.conf');
  const prefer = (family: string) =>
    `<match target="pattern"><test name="family"><string>${family}</string></test>` +
    `<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>`;
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>${['system-ui', 'sans-serif'].map(prefer).join('')}</fontconfig>`,
  );
  try {
    await run({ ...(process.env as Record<string, string>), FONTCONFIG_FILE: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
