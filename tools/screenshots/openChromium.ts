import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * Opens a browser with a Korean font: the one that comes with it has Latin letters only, and everything else
 * would be boxes.
 * @param folder for the configuration of the fonts
 */
export async function openChromium(folder: string): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  const fonts = [koreanFonts, join(tmpdir(), 'fonts')].map((path) => `<dir>${path}</dir>`).join('');
  const configuration = join(folder, 'fonts.conf');
  writeFileSync(
    configuration,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}<cachedir>${folder}</cachedir></fontconfig>`,
  );
  return playwright.launch({
    executablePath,
    args: [...chromium.args.filter((arg) => !forFunctions.includes(arg)), '--no-sandbox'],
    env: { ...process.env, FONTCONFIG_FILE: configuration },
  });
}

/**
 * Made for a cloud function with one short page. On a busy machine the one process hangs for good, and
 * without web security the page would not be tested as a browser shows it.
 */
const forFunctions: readonly string[] = [
  '--single-process',
  '--no-zygote',
  '--in-process-gpu',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
];

const koreanFonts = fileURLToPath(
  new URL('.', import.meta.resolve('@expo-google-fonts/nanum-gothic/package.json')),
);
