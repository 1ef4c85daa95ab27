/** RFC 5321, 4.5.3.1.5, has 512 per line. */
const longestReply = 65_536;

/** Cuts what a mail server sends into its replies: RFC 5321, 4.2.1. */
export class ReplyReader {
  /** Of a reply that is not whole yet, as Latin-1. */
  #rest = '';
  /** Where the line begins in it that is not whole. */
  #line = 0;

  /** A reply has begun, and is not whole. */
  get isWithin(): boolean {
    return this.#rest !== '';
  }

  /**
   * The replies that are whole now, without their last line break. Blank lines are passed over.
   * @throws RangeError if a reply has no end
   */
  read(bytes: Buffer): string[] {
    const text = this.#rest + bytes.toString('latin1');
    const replies: string[] = [];
    let begin = 0;
    let line = this.#line;
    for (let end = text.indexOf('\n', line); end !== -1; end = text.indexOf('\n', line)) {
      const goesOn = line + 3 < end && text.charAt(line + 3) === '-';
      line = end + 1;
      if (goesOn) continue;
      const reply = text.slice(begin, end).trim();
      if (reply !== '') replies.push(decoded(reply));
      begin = line;
    }
    this.#rest = text.slice(begin);
    this.#line = line - begin;
    if (this.#rest.length > longestReply) throw new RangeError('a reply of the relay has no end');
    return replies;
  }
}

/** From UTF-8, if it is that. */
function decoded(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const text = Buffer.from(latin1, 'latin1').toString();
  return text.includes('\ufffd') ? latin1 : text;
}
