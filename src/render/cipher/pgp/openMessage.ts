import { type Opened, type Refused, refused } from '../cipher.ts';
import { decipherInOne, decipherResynced } from './cfb.ts';
import type { KeyStretcher } from './keyStretcher.ts';
import { readContent } from './literal.ts';
import { withoutCode } from './modificationCode.ts';
import { type Packet, packetTags, readPacket } from './packets.ts';
import { cutShort, damaged, notPgp, notProtected, wrongPassphrase } from './pgpRefusals.ts';
import { openSessionKey, type SessionKey } from './sessionKey.ts';

export interface PgpKeys {
  /** One per passphrase, in the order in which they are tried. */
  readonly stretchers: readonly KeyStretcher[];
  readonly allowUnprotected: boolean;
}

/**
 * Opens a message: a session key packet, then the packet of the sealed text (RFC 4880, 11.3). Never throws.
 */
export function openMessage(message: Buffer, keys: PgpKeys): Opened {
  const keyPacket = nextPacket(message, 0);
  if (keyPacket.kind === 'refused') return keyPacket;
  if (keyPacket.tag !== packetTags.sessionKey) return notPgp;
  const textPacket = nextPacket(message, keyPacket.end);
  if (textPacket.kind === 'refused') return textPacket;
  if (textPacket.tag === packetTags.sessionKey) return refused('it is sealed by more than one passphrase');
  if (textPacket.end !== message.length) return damaged;
  // Checked before the expensive stretching: other packets cannot be opened at all.
  if (textPacket.tag !== packetTags.protected && textPacket.tag !== packetTags.unprotected) return notPgp;
  if (textPacket.tag === packetTags.unprotected && !keys.allowUnprotected) return notProtected;
  return openWithAny(keyPacket, textPacket, keys.stretchers);
}

/**
 * Opens with the first passphrase that fits. A wrong one passes the quick check once in 65,536 times, but
 * never the integrity protection. If none fits, the failure of the one that got furthest is reported.
 */
function openWithAny(keyPacket: Packet, textPacket: Packet, stretchers: readonly KeyStretcher[]): Opened {
  let failure: Refused = wrongPassphrase;
  for (const stretch of stretchers) {
    const sessionKey = openSessionKey(keyPacket.body, stretch);
    const opened = sessionKey.kind === 'refused' ? sessionKey : openText(textPacket, sessionKey);
    if (opened.kind === 'opened') return opened;
    if (opened !== wrongPassphrase) failure = opened;
  }
  return failure;
}

/** The next packet that is not a marker: markers are ignored (RFC 4880, 5.8). */
function nextPacket(message: Buffer, start: number): Packet | Refused {
  for (let at = start; ; ) {
    const packet = readPacket(message, at);
    if (packet.kind === 'refused' || packet.tag !== packetTags.marker) return packet;
    at = packet.end;
  }
}

function openText({ tag, body }: Packet, sessionKey: SessionKey): Opened {
  if (tag === packetTags.unprotected) {
    const deciphered = decipherResynced(sessionKey, body);
    return deciphered.kind === 'refused' ? deciphered : readContent(deciphered.content);
  }
  const version = body[0];
  if (version === undefined) return cutShort;
  if (version !== 1) return refused(`version ${version} of its integrity protection is not supported`);
  const deciphered = decipherInOne(sessionKey, body.subarray(1));
  if (deciphered.kind === 'refused') return deciphered;
  const content = withoutCode(deciphered);
  return content === undefined ? damaged : readContent(content);
}
