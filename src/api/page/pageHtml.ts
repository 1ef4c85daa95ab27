import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path/posix';
import { type PageFiles, pagePackages } from './pageFiles.ts';

export const pageFolder = '/dashboard';

const startScript = 'startPage.ts';

/** The one HTML document of the page, and the policy under which a browser runs it. */
export interface PageHtml {
  readonly html: string;
  readonly policy: string;
}

/**
 * Its scripts, its styles and its data come from this host; nothing else is loaded, and nothing may frame
 * it.
 */
export function makePageHtml({ version, files }: PageFiles): PageHtml {
  const folder = `${pageFolder}/${version}`;
  const importMap = JSON.stringify({
    imports: Object.fromEntries(
      Object.entries(pagePackages).map(([name, path]) => [name, `${folder}/${path}`]),
    ),
  });
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<title>billcast</title>',
    `<link rel="icon" href="${icon}">`,
    `<link rel="stylesheet" href="${folder}/dashboard.css">`,
    `<script type="importmap">${importMap}</script>`,
    `<link rel="preload" href="/api/v1/session" as="fetch" crossorigin="anonymous">`,
    ...importedFrom(startScript, files).map((path) => `<link rel="modulepreload" href="${folder}/${path}">`),
    `<script type="module" src="${folder}/${startScript}"></script>`,
    '<div id="page"></div>',
    '<noscript>This page needs JavaScript. The same facts: npx billcast status, /docs.</noscript>',
    '</html>',
  ].join('\n');
  const hash = createHash('sha256').update(importMap).digest('base64');
  const policy =
    `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; connect-src 'self'; ` +
    "img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  return { html, policy };
}

/**
 * Pure: a script and everything that it imports, without files that are loaded later (see `later` in the
 * dashboard).
 */
function importedFrom(start: string, files: PageFiles['files']): readonly string[] {
  const found = new Set([start]);
  for (const path of found) {
    for (const [, name = ''] of (files.get(path)?.text ?? '').matchAll(/\bfrom ?['"]([^'"]+)['"]/g)) {
      const imported = name.startsWith('.') ? join(dirname(path), name) : packageFile(name);
      if (imported !== undefined && files.has(imported)) found.add(imported);
    }
  }
  return [...found];
}

function packageFile(name: string): string | undefined {
  return Object.entries(pagePackages).find(([known]) => known === name)?.[1];
}

/** An envelope on a square, so that the tab is easy to find. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Crect width='16' height='16' rx='4' fill='%230f766e'/%3E" +
  "%3Cpath d='M3.5 5h9v6.5h-9zM3.5 5l4.5 3.6L12.5 5' fill='none' stroke='white' stroke-width='1.2'/%3E%3C/svg%3E";
