import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * A browser with a Korean font: the one that comes with it has Latin letters only, and everything else would
 * be boxes.
 * @param folder a temporary one, for the configuration of the fonts
 */
export async function openBrowser(folder: string): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  const fonts = [koreanFonts, join(tmpdir(), 'fonts')].map((path) => `<dir>${path}</dir>`).join('');
  const configuration = join(folder, 'fonts.conf');
  writeFileSync(
    configuration,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}<cachedir>${folder}</cachedir></fontconfig>`,
  );
  return playwright.launch({
    executablePath,
    args: [...chromium.args, '--no-sandbox'],
    env: { ...process.env, FONTCONFIG_FILE: configuration },
  });
}

const koreanFonts = fileURLToPath(
  new URL('.', import.meta.resolve('@expo-google-fonts/nanum-gothic/package.json')),
);
