import type { CheerioAPI } from 'cheerio';

/** Finds what screen readers or mail programs miss in an e-mail; one sentence each. */
export function findHtmlFaults($: CheerioAPI): string[] {
  const faults: string[] = [];
  if (($('html').attr('lang') ?? '').trim() === '' || $('html').attr('lang') === 'und') {
    faults.push('the language is missing: write <mjml lang="ko">');
  }
  if ($('title').first().text().trim() === '') faults.push('the title is missing: write <mj-title>');
  const images = $('img').filter((_, image) => $(image).attr('alt') === undefined);
  if (images.length > 0) {
    faults.push(
      `${images.length} images have no alt text: write alt="..." for each, empty if it only decorates`,
    );
  }
  const links = $('a[href]').filter(
    (_, link) => $(link).text().trim() === '' && ($(link).find('img').attr('alt') ?? '').trim() === '',
  );
  if (links.length > 0) faults.push(`${links.length} links have no text`);
  const remote = $('img[src^="http:"]').length;
  if (remote > 0) faults.push(`${remote} images come over http: and not https:, which mail programs refuse`);
  return faults;
}
