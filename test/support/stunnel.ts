// TLS in front of a plain server, by a real stunnel: with an authority and certificates made for this one test.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnBound } from './bound-process.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

export interface TlsFront {
  readonly port: number;
  /** Paths of PEM files. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly texts: { readonly ca: string; readonly cert: string; readonly key: string };
  stop(): Promise<void>;
}

/** Asks for a certificate of its own authority, names itself `localhost`. */
export async function startStunnel(target: number): Promise<TlsFront> {
  const folder = tempFolder();
  const at = (name: string) => join(folder.path, name);
  makeCertificates(at);
  const port = await freePort();
  const lines = [
    ...['foreground = yes', 'pid =', '[redis]', `accept = 127.0.0.1:${port}`],
    ...[`connect = 127.0.0.1:${target}`, `cert = ${at('server.pem')}`, `key = ${at('server.key')}`],
    ...[`CAfile = ${at('ca.pem')}`, 'verifyChain = yes', 'requireCert = yes', 'sslVersionMin = TLSv1.2'],
  ];
  writeFileSync(at('stunnel.conf'), lines.join('\n'));
  const child = spawnBound('stunnel4', [at('stunnel.conf')], { stdio: 'ignore' });
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () =>
      reject(new Error('stunnel4 is missing: run `npm run setup`, or `apt-get install stunnel4`')),
    );
  });
  await started;
  for (let look = 0; look < 200 && !(await answers(port)); look += 1) await pause(20);
  const files = { ca: at('ca.pem'), cert: at('client.pem'), key: at('client.key') };
  const text = (path: string) => readFileSync(path, 'utf8');
  return {
    port,
    files,
    texts: { ca: text(files.ca), cert: text(files.cert), key: text(files.key) },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      folder.remove();
    },
  };
}

function makeCertificates(at: (name: string) => string): void {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = ['-x509', '-days', '2', '-subj', '/CN=Made-up authority', '-out', at('ca.pem')];
  openssl('req', ...key, '-keyout', at('ca.key'), ...authority);
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', at(`${name}.key`), '-subj', `/CN=${name}`, '-out', at(`${name}.csr`));
    writeFileSync(at(`${name}.ext`), 'subjectAltName=DNS:localhost\n');
    const sign = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2'];
    const out = ['-in', at(`${name}.csr`), '-extfile', at(`${name}.ext`), '-out', at(`${name}.pem`)];
    openssl('x509', '-req', ...sign, ...out);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
