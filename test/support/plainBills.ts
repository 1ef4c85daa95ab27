import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from '../../src/db/database.ts';
import { ask } from './ask.ts';

/** A company's tables with nothing sealed in them, so that a hundred thousand bills are made in a second. */
const files = {
  'source/bills.sql': 'select id as bill_id, id as member_id, month as billing_month from plain_bill',
  'source/members.sql': 'select id as member_id, email, phone from plain_bill',
  'source/load.sql': `select claimed.bill_id, jsonb_build_object('member', b.id::text, 'email', b.email,
      'phone', b.phone, 'fields', jsonb_build_object('amount', jsonb_build_object('money', b.amount))) as data,
      null::time as quiet_start, null::time as quiet_end
    from claimed join plain_bill b on b.id = claimed.bill_id`,
  'source/sealed.sql': `select 'email'::text as field, id as member_id, email as value from plain_bill limit $1`,
  'source/sample.json': JSON.stringify({
    member: '1',
    email: 'a@example.com',
    phone: '01012345678',
    // No bill has a discount: a template that prints it passes its check, and prints no bill.
    fields: { amount: { money: 1000 }, discount: { money: 10 } },
  }),
};

function template(text: string): Record<string, string> {
  return {
    'email.mjml': `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    'email.txt': text,
    'email.subject.txt': 'Bill',
    'sms.txt': text,
  };
}

/** Writes source and templates. @returns the settings that use them */
export function writePlainSource(folder: string): Record<string, string> {
  const templates = { good: template('{{amount}}'), bad: template('{{amount}} {{discount}}') };
  const printed = Object.entries(templates).flatMap(([name, made]) =>
    Object.entries(made).map(([file, text]) => [`templates/${name}/ko/${file}`, text] as const),
  );
  for (const [path, text] of [...Object.entries(files), ...printed]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    SOURCE_DIR: join(folder, 'source'),
    TEMPLATES_DIR: join(folder, 'templates'),
    TEMPLATE: 'good',
    CIPHER: 'none',
  };
}

/** Makes the table with so many held bills of November 2026. */
export async function fillPlainBills(database: Database, bills: number): Promise<void> {
  await ask(
    database,
    `create table plain_bill (id bigint primary key, month date, email text, phone text, amount bigint);
     create index on plain_bill (month, id);
     insert into plain_bill
       select id, '2026-11-01', 'm' || id || '@example.com', '010' || lpad(id::text, 8, '0'), 1000 + id
       from generate_series(1, ${bills}) id;
     insert into bill_notification (bill_id, member_id) select id, id from plain_bill;
     analyze plain_bill; analyze bill_notification`,
  );
}
