import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from './openChromium.ts';

/** As mail programs show messages. */
const views = [
  { name: 'phone', width: 375 },
  { name: 'desktop', width: 760 },
] as const;
const looks = ['light', 'dark'] as const;

/**
 * Takes pictures of an e-mail, on a phone and a desktop, light and dark. It loads nothing from elsewhere.
 * @param path of the files, without an ending
 * @returns the files
 */
export async function takeScreenshots(html: string, path: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'billcast-screenshots-'));
  const browser = await openChromium(folder);
  try {
    const page = await browser.newPage();
    await page.route('**', (route) => route.abort());
    const files: string[] = [];
    for (const { name, width } of views) {
      for (const look of looks) {
        const file = `${path}.${name}.${look}.png`;
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: look });
        await page.setContent(html);
        await page.screenshot({ path: file, fullPage: true });
        files.push(file);
      }
    }
    return files;
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}
