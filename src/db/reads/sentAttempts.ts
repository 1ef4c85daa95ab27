import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Edition } from '../../render/proof/edition.ts';
import type { Database } from '../database.ts';

/** A message of a bill that reached a provider, or may have. */
export interface SentAttempt {
  readonly token: ClaimToken;
  readonly cycle: number;
  readonly channel: Channel;
  /** False if nobody knows whether the provider accepted it. */
  readonly isAccepted: boolean;
  /** When its outcome was first written. */
  readonly at: Date;
  readonly providerId: string | null;
  /** 40 bytes; null if the message was not hashed. */
  readonly contentHash: Buffer | null;
  /** Null if it is not known, or if there is no hash. */
  readonly edition: Edition | null;
  /** The template of the edition; null if it is not kept. */
  readonly template: { readonly name: string; readonly files: Readonly<Record<string, string>> } | null;
}

/** A claim has one message, so all entries with a token are about the same message. */
const select = {
  name: 'sent-attempts',
  text: `
    with sent as (
      select a.claim_token, min(a.cycle) as cycle, min(a.channel) as channel, bool_or(a.outcome = 'ACCEPTED') as accepted,
             min(a.finished_at) as at, min(a.provider_id) as provider_id,
             (array_agg(a.content_hash) filter (where a.content_hash is not null))[1] as content_hash
      from delivery_attempt a
      where a.bill_id = $1 and a.outcome in ('ACCEPTED', 'UNKNOWN')
      group by a.claim_token
    )
    select s.claim_token, s.cycle, s.channel, s.accepted, s.at, s.provider_id, s.content_hash,
           e.encoding, e.template, e.language, e.program, e.time_zone, e.currency, e.has_link, e.key_id, e.key_check,
           t.name, t.files
    from sent s
    left join content_edition e on e.id = substring(s.content_hash from 1 for 8)
    left join template_version t on t.hash = e.template
    order by s.at, s.claim_token`,
};

type Row = [
  ...[ClaimToken, number, Channel, boolean, Date, string | null, Buffer | null],
  ...[number | null, string, string, string, string, string, boolean, string, string],
  ...[string | null, Record<string, string>],
];

/** Oldest first. */
export async function readSentAttempts(database: Database, billId: BillId): Promise<SentAttempt[]> {
  const rows = await database.query<Row>(select, [billId]);
  return rows.map(([token, cycle, channel, isAccepted, at, providerId, contentHash, ...rest]) => {
    const [encoding, template, language, program, timeZone, currency, hasLink, keyId, keyCheck, name, files] =
      rest;
    return {
      token,
      cycle,
      channel,
      isAccepted,
      at,
      providerId,
      contentHash,
      edition:
        encoding === null
          ? null
          : { encoding, template, language, program, timeZone, currency, hasLink, keyId, keyCheck },
      template: name === null ? null : { name, files },
    };
  });
}
