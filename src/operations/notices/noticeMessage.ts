import type { TakenNotice } from '../../db/notices/noticeOutbox.ts';

/** What is sent to people. */
export interface NoticeMessage {
  /** The same for the same notices. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface MessageOptions {
  /** Of the dashboard; undefined: there is no link. */
  readonly publicUrl: string | undefined;
  readonly time: (at: Date) => string;
}

/**
 * Pure. One message of notices of one kind about one subject: the newest in full, the others by their number.
 * @param notices the oldest first
 */
export function noticeMessage(
  notices: readonly TakenNotice[],
  { publicUrl, time }: MessageOptions,
): NoticeMessage | undefined {
  const [oldest] = notices;
  const newest = notices.at(-1);
  if (oldest === undefined || newest === undefined) return undefined;
  const more = notices.length - 1;
  const lines = [
    ...newest.lines,
    ...(more === 0 ? [] : [`And ${more} more of this kind since ${time(oldest.at)}.`]),
    ...(publicUrl === undefined ? [] : [`${publicUrl}${newest.path}`]),
  ];
  return {
    id: `notice-${oldest.id}-${newest.id}`,
    title: `[billcast] ${newest.title}`,
    text: lines.join('\n'),
  };
}
