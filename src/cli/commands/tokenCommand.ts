import { type Command, InvalidArgumentError, Option } from 'commander';
import { BillcastError } from '../../errors.ts';
import { timeIn } from '../../lib/timeText.ts';
import {
  createToken,
  listTokens,
  newTokenText,
  revokeToken,
  type TokenFacts,
  tokenNamePattern,
} from '../../operations/apiTokens.ts';
import { isRole, type Role, roleNames } from '../../policy/roles.ts';
import { parseUuid } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { makeRecorded } from '../makeRecorded.ts';
import { withReadOnlySystem, withSystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { parsePointInTime } from '../pointInTime.ts';
import { recordAccess } from '../recordAccess.ts';

interface CreateOptions {
  readonly role: readonly Role[];
  readonly expires?: string;
  readonly reason: string;
  readonly json?: boolean;
}

interface RevokeOptions {
  readonly reason: string;
  readonly json?: boolean;
}

export function defineToken(token: Command): void {
  token.description('Keeps the tokens of the API, beside those of API_TOKENS.');
  defineCreate(token.command('create'));
  defineList(token.command('list'));
  defineRevoke(token.command('revoke'));
}

function defineCreate(command: Command): void {
  addUsage(command, {
    examples: [
      ['token create ann --role operator --expires 2027-06-30 --reason "new in the team"', 'shows it once'],
    ],
  });
  command
    .description('make a token; it is shown once, and only its hash is kept')
    .argument('<name>', 'who uses it; tokens of the same name are the same person', parseName)
    .addOption(
      new Option('--role <names...>', `any of ${roleNames.join(', ')}`)
        .argParser(parseRole)
        .makeOptionMandatory(),
    )
    .option(
      '--expires <time>',
      'when it ends, such as 2027-06-30; if missing, it is valid until it is revoked',
    )
    .requiredOption('--reason <text>', 'why; kept with the access record')
    .addOption(jsonOption())
    .action((name: string, options: CreateOptions) => create(name, options));
}

async function create(name: string, { role: roles, expires, ...options }: CreateOptions): Promise<void> {
  await withSystem(async ({ config, database }) => {
    const { timeZone } = config;
    const expiresAt =
      expires === undefined ? null : parsePointInTime(expires, { flag: '--expires', timeZone });
    const token = { name, roles, expiresAt };
    const access = { what: 'createToken', reason: newTokenText(token, options.reason) };
    const facts = await recordAccess(database, access, () =>
      createToken({ config, database }, { ...token, actor: personAtTerminal() }),
    );
    printFacts(facts, options);
    printNote('Keep the token: it is not shown again.');
  });
}

function defineList(command: Command): void {
  addUsage(command, { examples: [['token list', 'all, also revoked and expired ones']] });
  command
    .description('list the tokens, the newest first, then those of API_TOKENS')
    .addOption(jsonOption())
    .action(({ json }: { json?: boolean }) =>
      withReadOnlySystem(async ({ config, database }) => {
        const facts = await listTokens({ config, database });
        if (json) printFacts(facts, { json });
        else process.stdout.write(tokenLines(facts.items, config.timeZone));
      }),
    );
}

function tokenLines(tokens: readonly TokenFacts[], timeZone: string): string {
  if (tokens.length === 0) return 'there is no token\n';
  return `${tokens.map((token) => lineOf(token, timeIn(timeZone))).join('')}times in ${timeZone}\n`;
}

function lineOf(token: TokenFacts, time: (at: Date) => string): string {
  const { id, name, roles, state, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt, revokedBy } = token;
  const parts = [
    ...(createdAt === null ? ['API_TOKENS'] : [`made ${time(createdAt)} by ${createdBy}`]),
    ...(expiresAt === null ? [] : [`until ${time(expiresAt)}`]),
    ...(lastUsedAt === null ? [] : [`last used ${time(lastUsedAt)}`]),
    ...(revokedAt === null ? [] : [`revoked ${time(revokedAt)} by ${revokedBy}`]),
  ];
  return `${id ?? '-'.repeat(36)}  ${state.padEnd(7)}  ${name}  ${roles.join('+')}  ${parts.join(', ')}\n`;
}

function defineRevoke(command: Command): void {
  addUsage(command, {
    examples: [
      ['token revoke 0b9b0bd4-2f5c-4c1c-a6f5-8d4a1f8e7a10 --reason "left the team"', 'refused at once'],
    ],
  });
  command
    .description('end a token at once, and the sessions that it began')
    .argument('<id>', 'as `token list` shows it', parseUuid)
    .requiredOption('--reason <text>', 'why; kept with the access record')
    .addOption(jsonOption())
    .action((id: string, options: RevokeOptions) =>
      makeRecorded({ what: 'revokeToken', about: id, ...options }, async ({ database }) => {
        const outcome = await revokeToken({ database }, { id, actor: personAtTerminal() });
        if (outcome === 'unknown') {
          throw new BillcastError('USAGE', `there is no token ${id}: see billcast token list`);
        }
        return { id, revoked: outcome === 'revoked' };
      }),
    );
}

function parseName(text: string): string {
  if (!tokenNamePattern.test(text)) {
    throw new InvalidArgumentError('must be letters, digits and . _ @ -, 64 at most.');
  }
  return text;
}

function parseRole(text: string, previous: readonly Role[] = []): Role[] {
  if (!isRole(text)) throw new InvalidArgumentError(`must be one of ${roleNames.join(', ')}.`);
  return [...previous, text];
}
