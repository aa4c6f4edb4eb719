// What an operator can do about an error of PostgreSQL or of the way to it, in a sentence. Only words: what happens next is
// decided by the error's code elsewhere. Codes are of PostgreSQL 15 (appendix A), of Node's sockets and of its TLS.

const BY_CODE: readonly (readonly [codes: RegExp, words: string])[] = [
  [
    /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'Nothing answers there: check host, port and firewall.',
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'The name of the host is not known: check store.url.'],
  [/^28P01$/, 'The server does not take this user and password: check both, and store.password.'],
  [/^28/, 'The server does not let this user in: check the user, and pg_hba.conf there.'],
  [/^3D000$/, 'There is no database of that name: make it there, or correct store.url.'],
  [/^42501$/, 'This user lacks the rights: make it the owner of the database.'],
  [/^53300$/, 'The server has no connection left: a process takes up to 6.'],
  [/^53100$/, 'The disk of the server is full.'],
  [/^25006$/, 'The server only reads, as a standby does: store.url has to lead to the one that writes.'],
  [/^57P0/, 'The server is starting or stopping.'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID)$/, 'Its certificate is for another host than store.url names.'],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, 'Its certificate is not valid today.'],
  [
    /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_|CERT_)/,
    'No known authority vouches for its certificate: name the right one in store.ca.',
  ],
];

/** The driver gives these no code. */
const BY_MESSAGE: readonly (readonly [begin: string, words: string])[] = [
  [
    'The server does not support SSL',
    'It offers no TLS: switch it on there, or set store.encryption off where nobody else is on the network.',
  ],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password', 'It asks for a password: set store.password.'],
  ['timeout expired', 'It did not answer in time: check host, port and firewall.'],
];

/** Empty when there is nothing to add. */
export function postgresWords(code: string, error: unknown): string {
  const known = BY_CODE.find(([codes]) => codes.test(code));
  if (known) return known[1];
  const message = error instanceof Error ? error.message : '';
  return BY_MESSAGE.find(([begin]) => message.startsWith(begin))?.[1] ?? '';
}
