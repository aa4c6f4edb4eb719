// A server that lets in by password, as ssh2 serves it: its own, since a sshd asks the system for passwords and tests make
// no user. It has no files; whoever is in finds nothing.
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';

export interface PasswordServer {
  readonly port: number;
  readonly fingerprint: string;
  /** The passwords that came, in order. */
  readonly tried: readonly string[];
  close(): Promise<void>;
}

export interface PasswordOptions {
  readonly user: string;
  readonly password: string;
  /** Asks in a dialogue (keyboard-interactive) and in no other way. */
  readonly dialogue?: boolean;
}

const NO_SUCH_FILE = 2;

export async function passwordServer(options: PasswordOptions): Promise<PasswordServer> {
  const { user, password, dialogue = false } = options;
  const key = ssh2.utils.generateKeyPairSync('ed25519');
  const tried: string[] = [];
  const clients = new Set<{ end(): void }>();
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => clients.delete(client));
    client.on('authentication', (context) => {
      const judge = (given: string) => {
        tried.push(given);
        if (context.username === user && given === password) context.accept();
        else context.reject();
      };
      if (context.method === 'password' && !dialogue) return judge(context.password);
      if (context.method !== 'keyboard-interactive' || !dialogue) {
        return context.reject([dialogue ? 'keyboard-interactive' : 'password']);
      }
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => judge(answers[0] ?? ''));
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        const sftp = acceptSftp();
        sftp.on('STAT', (request) => sftp.status(request, NO_SUCH_FILE));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const blob = Buffer.from(key.public.split(' ')[1] ?? '', 'base64');
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    tried,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.end();
      await closed;
    },
  };
}
