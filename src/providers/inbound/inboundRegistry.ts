import type { InboundSource } from './inboundSource.ts';
import { mailgun } from './mailgun.ts';
import { nhnCloud } from './nhnCloud.ts';
import { ownGateway } from './ownGateway.ts';
import { postmark } from './postmark.ts';
import { resendCom } from './resendCom.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';
import { solapi } from './solapi.ts';
import { twilio } from './twilio.ts';
import { vonage } from './vonage.ts';

/**
 * The providers whose webhooks are read at `POST /inbound/<name>`. Another provider is a new file and a line
 * here.
 */
const sources = {
  http: ownGateway,
  mailgun,
  'nhn-cloud': nhnCloud,
  postmark,
  resend: resendCom,
  sendgrid,
  ses,
  solapi,
  twilio,
  vonage,
} as const satisfies Readonly<Record<string, InboundSource>>;

export type InboundName = keyof typeof sources;

export const inboundNames = Object.keys(sources) as readonly InboundName[];

export function isInboundName(text: string): text is InboundName {
  return Object.hasOwn(sources, text);
}

export function inboundSourceOf(name: InboundName): InboundSource {
  return sources[name];
}
