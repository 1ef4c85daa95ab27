import { billIdPattern, type MemberId } from '../bill.ts';
import {
  type MemberStanding,
  type MemberTraces,
  readMemberStanding,
  readNamesOfBills,
  traceMember,
} from '../db/memberTraces.ts';
import { BillcastError } from '../errors.ts';
import { counted } from '../lib/counted.ts';
import type { OperationDeps } from './operationDeps.ts';
import { previewFolderOf, removePreviews } from './previewFiles.ts';
import { readTheirIds, showTheirIds } from './theirIds.ts';

export interface ForgetRequest {
  /** The member's id in the billing system. */
  readonly member: string;
  readonly dryRun: boolean;
}

export interface ForgetFacts extends Omit<MemberStanding, 'openBills'> {
  /** As it was asked for. */
  readonly memberId: string;
  readonly dryRun: boolean;
  readonly forgotten: MemberTraces & {
    /** Files on this machine that `preview` wrote for the member's bills. */
    readonly previewFiles: number;
  };
  /** What is not deleted by this, and who can delete it. */
  readonly left: readonly string[];
}

/**
 * Deletes everything that billcast keeps of a member, except ids and the history of their bills.
 * @throws BillcastError USAGE if a bill of theirs may still be sent, or if there is no such id
 */
export async function forgetMember(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  { member, dryRun }: ForgetRequest,
): Promise<ForgetFacts> {
  const { database } = deps;
  const memberId = await memberIdOf(deps, member);
  const { openBills: open, ...standing } = await readMemberStanding(database, memberId);
  const { openBills } = await showTheirIds(deps, { openBills: open });
  if (openBills.length > 0) {
    throw new BillcastError(
      'USAGE',
      `bills of member ${member} may still be sent: ${openBills.join(', ')}. Wait for them, or cancel or resolve them first`,
    );
  }
  const deletes = !dryRun;
  const folder = previewFolderOf(deps.config.dataDir);
  const previewFiles = await removePreviews(folder, await readNamesOfBills(database, memberId), { deletes });
  const forgotten = { ...(await traceMember(database, memberId, { deletes })), previewFiles };
  return { memberId: member, dryRun, ...standing, forgotten, left: leftOf(standing) };
}

async function memberIdOf(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  member: string,
): Promise<MemberId> {
  const { request, unknown } = await readTheirIds({ config, database }, { memberId: member });
  if (unknown.length > 0) throw new BillcastError('USAGE', `billcast never heard of member ${member}`);
  if (billIdPattern.test(request.memberId)) return request.memberId as MemberId;
  const wanted = config.source.idKind === 'bigint' ? 'a number' : 'the id that it has in the billing system';
  throw new BillcastError('USAGE', `${member} is no id of a member: give ${wanted}`);
}

function leftOf({
  source,
  poisonOwed,
  suppressions,
  proposals,
}: Omit<MemberStanding, 'openBills'>): string[] {
  return [
    ...(source.members + source.bills > 0
      ? [
          `the billing system's tables: ${counted(source.members, 'member')}, ${counted(source.bills, 'bill')}. ` +
            'Delete them there',
        ]
      : []),
    ...(poisonOwed > 0
      ? [`${counted(poisonOwed, 'record')} whose dead letter is not published yet. Run this again when it is`]
      : []),
    ...(suppressions > 0
      ? [
          `${counted(suppressions, 'entry', 'entries')} of the suppression list, by keyed hash: billcast suppress list --member`,
        ]
      : []),
    ...(proposals > 0
      ? [
          `the proposals of ${counted(proposals, 'run')}, as they were approved: amounts of outlying bills, by their numbers`,
        ]
      : []),
    'the dead letter topic: records that could not be used may hold personal data until its retention time',
    'mails that came back, in the folder of INBOUND_MAILDIR, if you have one',
    'files that people made: previews elsewhere, exports, files for a printer, and the logs of other systems',
  ];
}
