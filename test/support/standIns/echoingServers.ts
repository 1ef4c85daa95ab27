import { createServer, type IncomingMessage } from 'node:http';
import type { Mapping } from '../../../src/providers/mapped/mappingSchema.ts';
import { sendsOf } from '../../../src/providers/mapped/resolveMapping.ts';
import { bodyOf, listen } from '../httpServer.ts';
import { type RawSmtp, type SmtpReplies, startRawSmtp } from '../rawSmtp.ts';
import { type Echo, type EchoedAnswer, echoedAnswers, echoedUploads } from './echoedAnswers.ts';
import { echoesOf } from './personalSpellings.ts';
import type { Reply } from './standIn.ts';

/** Each answer that a provider may give, in turn. */
interface Answers {
  readonly accepts: readonly ((echo: Echo) => Reply | 'cut')[];
  readonly fails: readonly ((echo: Echo) => Reply | 'cut')[];
  /** Of requests whose address ends with this. */
  readonly uploads?: { readonly path: string; readonly answers: Answers };
}

/** All that is known of the member whom a message is for. */
export type PersonOf = (to: string) => readonly string[];

export interface EchoingServer {
  readonly url: string;
  /** Answers that it gave. */
  answered(): number;
  /** From now on it accepts nothing. */
  failAll(): void;
}

/**
 * A provider that repeats whom a message is for in its errors, codes, ids and headers. It accepts most
 * messages, so that no brake stops it, until a test tells it to fail.
 */
export async function startEchoing(answers: Answers, personOf: PersonOf): Promise<EchoingServer> {
  const given = { all: 0, failed: 0, accepts: true };
  const choose = (path: string): ((echo: Echo) => Reply | 'cut') => {
    const { uploads } = answers;
    const fitting = uploads !== undefined && path.endsWith(uploads.path) ? uploads.answers : answers;
    const isGood = given.accepts && given.all++ % 6 !== 0;
    const from = isGood ? fitting.accepts : fitting.fails;
    return from[(isGood ? given.all : given.failed++) % from.length] ?? (() => 'cut');
  };
  const { port } = await listen(
    createServer((request, response) => {
      void echoOf(request, { personOf, turn: given.all }).then((echo) => {
        const reply = choose(request.url ?? '')(echo);
        if (reply === 'cut') {
          response.destroy();
          return;
        }
        response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
        response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
      });
    }),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    answered: () => given.all + given.failed,
    failAll: () => {
      given.accepts = false;
    },
  };
}

/** What is common to APIs, whatever the file of the provider says. */
const common: Answers['fails'] = [
  ({ words }) => ({ status: 500, body: `<html><title>${words}</title>${words}</html>` }),
  ({ words }) => ({ status: 502, body: words }),
  ({ words }) => ({ status: 400, body: { error: words, message: words, code: words } }),
  () => 'cut',
];

/** Each rule of a provider's file, of each form of message. */
export function mappedAnswers(mapping: Mapping): Answers {
  const sends = sendsOf(mapping).map(({ send }) => send);
  const answers = answersOf(sends.flatMap((send) => echoedAnswers(mapping, send)));
  const uploading = sends.find(({ upload }) => upload !== undefined);
  if (uploading?.upload === undefined) return answers;
  // Its beginning has settings.
  const path = uploading.upload.path.split('}').at(-1) ?? '';
  return { ...answers, uploads: { path, answers: answersOf(echoedUploads(uploading)) } };
}

function answersOf(all: readonly EchoedAnswer[]): Answers {
  const repliesOf = (isGood: boolean) =>
    all
      .filter(({ means }) => (means === 'accepted') === isGood)
      .map(
        ({ reply }) =>
          (echo: Echo): Reply =>
            reply(echo),
      );
  return { accepts: repliesOf(true), fails: [...repliesOf(false), ...common] };
}

/** The gateway protocol. */
export const gatewayAnswers: Answers = {
  accepts: [
    ({ key, id }) => ({ status: 200, body: { key, id, status: 'taken' } }),
    ({ id, words }) => ({ status: 202, body: { id, message: words } }),
  ],
  fails: [
    ...[400, 401, 402, 409, 412, 413, 422, 429, 503].map(
      (status) =>
        ({ key, words }: Echo): Reply => ({ status, body: { key, error: words, status: 'not taken' } }),
    ),
    ...common,
  ],
};

async function echoOf(
  request: IncomingMessage,
  { personOf, turn }: { readonly personOf: PersonOf; readonly turn: number },
): Promise<Echo> {
  const sent = readable(`${request.url} ${await bodyOf(request)}`);
  const header = request.headers['idempotency-key'];
  const person = personOf(sent);
  const echoes = [...echoesOf(person), sent.replaceAll(/["'`{}[\]<>]/g, ' ').slice(0, 4_000)];
  return {
    key: keyPattern.exec(sent)?.[0] ?? (typeof header === 'string' ? header : ''),
    words: echoes[turn % echoes.length] ?? '',
    id: `m-${turn}-${contactIn(sent, person)}`,
  };
}

/** Whom the message is for: some providers make ids of that. */
function contactIn(sent: string, person: readonly string[]): string {
  const address = person.find((value) => value.includes('@')) ?? '';
  const phone = person.find((value) => /^01\d-/.test(value)) ?? '';
  return address !== '' && sent.includes(address) ? address : phone;
}

const keyPattern = /\d+:(?:EMAIL|SMS|ALIMTALK):\d+/;

/** Forms are in the percent form. */
function readable(sent: string): string {
  try {
    return decodeURIComponent(sent.replaceAll('+', ' '));
  } catch {
    return sent;
  }
}

/** A mail server whose replies say all of the recipient. */
export function startEchoingSmtp(personOf: PersonOf): Promise<RawSmtp> {
  let turn = 0;
  const chosen = new Map<string, Partial<SmtpReplies>>();
  return startRawSmtp({
    repliesFor(to) {
      const known = chosen.get(to);
      if (known !== undefined || to === '') return known ?? {};
      const echoes = echoesOf(personOf(to));
      const reply = smtpReply(turn, (echoes[turn % echoes.length] ?? '').replaceAll(/[\r\n]/g, ' '));
      turn++;
      chosen.set(to, reply);
      return reply;
    },
  });
}

function smtpReply(turn: number, words: string): Partial<SmtpReplies> {
  switch (turn % 12) {
    case 0:
      return { rcpt: `550 5.1.1 no such user ${words}` };
    case 3:
      return { message: `554 5.7.1 message for ${words} was blocked` };
    case 6:
      return { rcpt: `451 4.7.1 ${words} greylisted` };
    case 9:
      return { message: `421 4.4.2 closing, ${words} waits` };
    default:
      return { message: `250 2.0.0 queued for ${words}` };
  }
}
