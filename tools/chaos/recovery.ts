/*
 * Pure: when a fault has been recovered from. It is undone (the server is up again, the process runs again),
 * every claim that was open when it was injected is closed, and bills are claimed again, unless none is left
 * to claim.
 */

/** What one look at the rows has found. */
export interface Look {
  readonly openClaims: ReadonlySet<string>;
  /** No bill is left to claim. */
  readonly isIdle: boolean;
}

/** How far billcast has recovered from one fault. */
export interface Recovery {
  /** Claims that were open when the fault was injected, and still are. */
  readonly held: ReadonlySet<string>;
  /** Claims that were open when the fault was undone; undefined before. */
  readonly openWhenUndone: ReadonlySet<string> | undefined;
  readonly isComplete: boolean;
}

export function beginRecovery(openClaims: ReadonlySet<string>): Recovery {
  return { held: openClaims, openWhenUndone: undefined, isComplete: false };
}

/** The recovery after one more look. */
export function observeRecovery(recovery: Recovery, isUndone: boolean, look: Look): Recovery {
  if (recovery.isComplete) return recovery;
  const { openWhenUndone } = recovery;
  const held = recovery.held.intersection(look.openClaims);
  if (!isUndone) return { held, openWhenUndone, isComplete: false };
  const goesOn = look.isIdle || hasNewClaim(look.openClaims, openWhenUndone);
  return {
    held,
    openWhenUndone: openWhenUndone ?? look.openClaims,
    isComplete: held.size === 0 && goesOn,
  };
}

function hasNewClaim(open: ReadonlySet<string>, before: ReadonlySet<string> | undefined): boolean {
  return before !== undefined && open.difference(before).size > 0;
}
