// Certificates for tests, made anew by openssl in a folder of the test: one authority, and what it signed well or badly.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.js';

export interface Identity {
  readonly key: string;
  readonly cert: string;
}

export interface Certificates {
  /** To be trusted, as PEM. */
  readonly authority: string;
  readonly good: Identity;
  readonly expired: Identity;
  /** For another host than 127.0.0.1. */
  readonly otherHost: Identity;
  /** Signed by itself. */
  readonly untrusted: Identity;
}

const DAY = '-days';

export function makeCertificates(): Certificates {
  const folder = tempFolder();
  const at = (name: string) => join(folder.path, name);
  const openssl = (...args: string[]) => void execFileSync('openssl', args, { stdio: 'pipe' });
  const read = (name: string) => readFileSync(at(name), 'utf8');
  const key = (name: string) => [
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at(`${name}.key`)],
    ...['-subj', `/CN=${name}`],
  ];
  const self = (name: string, more: readonly string[] = []) =>
    openssl('req', '-x509', ...key(name), DAY, '2', '-out', at(`${name}.crt`), ...more);
  const identity = (name: string): Identity => ({ key: read(`${name}.key`), cert: read(`${name}.crt`) });
  const signed = (name: string, host: string, days: string): Identity => {
    openssl('req', ...key(name), '-new', '-out', at(`${name}.csr`));
    writeFileSync(at(`${name}.ext`), `subjectAltName=${host}\n`);
    const by = ['-CA', at('authority.crt'), '-CAkey', at('authority.key'), '-CAcreateserial'];
    const files = ['-in', at(`${name}.csr`), '-out', at(`${name}.crt`), '-extfile', at(`${name}.ext`)];
    openssl('x509', '-req', ...files, ...by, DAY, days);
    return identity(name);
  };
  try {
    self('authority');
    self('untrusted', ['-addext', 'subjectAltName=IP:127.0.0.1']);
    return {
      authority: read('authority.crt'),
      good: signed('good', 'IP:127.0.0.1', '2'),
      expired: signed('expired', 'IP:127.0.0.1', '-1'),
      otherHost: signed('other', 'DNS:elsewhere.invalid', '2'),
      untrusted: identity('untrusted'),
    };
  } finally {
    folder.remove();
  }
}
