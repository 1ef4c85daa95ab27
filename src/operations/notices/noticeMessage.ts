import type { TakenNotice } from '../../db/notices/noticeOutbox.ts';

/** A message to people. */
export interface NoticeMessage {
  /** The same notices always have the same id. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface MessageOptions {
  /** The dashboard's address; undefined: the message has no link. */
  readonly publicUrl: string | undefined;
  readonly time: (at: Date) => string;
}

/**
 * Pure: makes one message of all notices of one kind about one subject. The newest is written out, the others
 * are counted.
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
