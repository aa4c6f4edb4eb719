// The key of a case at the receiver, written and read back: ours alone, so that what is said of a dossier there is tied to
// exactly the case that was reported. Pure.

export interface KeyedCase {
  readonly employerId: string;
  readonly caseId: string;
}

/**
 * One receiver serves many employers, whose case numbers may be the same. No slash: it stands before the number of a
 * course, so that no key of a course of one case can be the key of another case.
 */
export function caseKeyOf({ employerId, caseId }: KeyedCase): string {
  return `${employerId.replace(/[%:/]/g, encodeURIComponent)}:${caseId.replace(/[%/]/g, encodeURIComponent)}`;
}

/** Of the key of a dossier, also of a case that was reported again and has a number behind it; null: none of ours. */
export function caseOfKey(key: string | null | undefined): KeyedCase | null {
  const [, own = '', employer = ''] = /^(([^:/]+):[^/]+)(?:\/\d+)?$/.exec(key ?? '') ?? [];
  try {
    const read = {
      employerId: decodeURIComponent(employer),
      caseId: decodeURIComponent(own.slice(employer.length + 1)),
    };
    return own !== '' && caseKeyOf(read) === own ? read : null;
  } catch {
    return null;
  }
}
