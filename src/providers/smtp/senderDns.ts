import { Resolver } from 'node:dns/promises';

/** What DNS says about who may send for a domain. `unasked`: there was no answer. */
export type DnsFact =
  | { readonly kind: 'found'; readonly record: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unasked'; readonly why: string };

export interface SenderDns {
  /** RFC 7208, for the domain of the envelope's sender. */
  readonly spf: DnsFact;
  /** RFC 6376; undefined if we have no selector, because the relay signs. */
  readonly dkim: DnsFact | undefined;
  /** RFC 7489, for the domain of the header's sender or a domain above it. */
  readonly dmarc: DnsFact;
}

export interface SenderDomains {
  readonly envelope: string;
  readonly header: string;
  readonly dkim: { readonly domain: string; readonly selector: string } | undefined;
}

export type ResolveTxt = (name: string) => Promise<string[][]>;

/** Asks the machine's resolver, for some seconds at most. */
export async function readSenderDns(
  { envelope, header, dkim }: SenderDomains,
  resolveTxt: ResolveTxt = defaultResolver(),
): Promise<SenderDns> {
  const find = (name: string, start: RegExp) => findRecord(resolveTxt, name, start);
  const [spf, key, dmarc] = await Promise.all([
    find(envelope, /^v=spf1(?: |$)/i),
    dkim === undefined
      ? undefined
      : find(`${dkim.selector}._domainkey.${dkim.domain}`, /(?:^|;)\s*p=[^;\s]/i),
    findDmarc(find, header),
  ]);
  return { spf, dkim: key, dmarc };
}

function defaultResolver(): ResolveTxt {
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  return (name) => resolver.resolveTxt(name);
}

/** Tries the domain, then those above it, but no top-level domain. */
async function findDmarc(
  find: (name: string, start: RegExp) => Promise<DnsFact>,
  domain: string,
): Promise<DnsFact> {
  const labels = domain.split('.');
  let last: DnsFact = { kind: 'missing' };
  for (let from = 0; from < Math.max(1, labels.length - 1); from++) {
    last = await find(`_dmarc.${labels.slice(from).join('.')}`, /^v=DMARC1\s*(?:;|$)/i);
    if (last.kind !== 'missing') return last;
  }
  return last;
}

async function findRecord(resolveTxt: ResolveTxt, name: string, start: RegExp): Promise<DnsFact> {
  try {
    const records = (await resolveTxt(name)).map((parts) => parts.join(''));
    const record = records.find((text) => start.test(text));
    return record === undefined ? { kind: 'missing' } : { kind: 'found', record };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOTFOUND' || code === 'ENODATA' ? { kind: 'missing' } : { kind: 'unasked', why: code };
  }
}
