// Certificates that are about to end: ours, and the one that the server showed last. `status` asks for attention from 30
// days before, and every day anew, also when nothing is sent meanwhile.
import type { ConnectorDeps, HttpAnswer } from '../../src/connector.js';
import { certificateEnd } from '../../src/connector.js';
import type { SendSettings } from './settings.js';

export interface CertificateWatch {
  /** After an answer. */
  saw(answer: HttpAnswer): Promise<void>;
  /** Without a call: ours as it is now, the server's as it was seen last. */
  look(): Promise<void>;
}

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const SERVER = 'server-certificate';
const OWN = 'client-certificate';

export function createCertificateWatch(settings: SendSettings, deps: ConnectorDeps): CertificateWatch {
  const { memory, clock, secret } = deps;
  const host = new URL(settings.url).host;
  const tell = async (name: string, what: string, endsAt: number, act: string) => {
    const left = Math.floor((endsAt - clock.now()) / DAY_MS);
    const day = new Date(endsAt).toISOString().slice(0, 10);
    const text = `${what} ${left < 0 ? 'ended' : 'ends'} on ${day}. ${act}`;
    await memory.note(name, left < WARN_DAYS ? { level: 'attention', text } : null);
  };
  const tellServer = (endsAt: number) =>
    tell(SERVER, `The certificate of ${host}`, endsAt, 'Ask the receiver to renew it.');
  const lookAtOwn = async () => {
    const { clientCertificate } = settings;
    const endsAt = clientCertificate ? certificateEnd(secret(clientCertificate.cert)) : null;
    if (endsAt === null) return void (await memory.note(OWN, null));
    await tell(
      OWN,
      'Our client certificate',
      endsAt,
      'Have it renewed, and agree on the day with the receiver.',
    );
  };
  let known: number | null = null;
  return {
    async saw({ certificateEndsAt: endsAt }) {
      await lookAtOwn();
      if (endsAt === undefined) return;
      if (endsAt !== known) await memory.keep(SERVER, String(endsAt));
      known = endsAt;
      await tellServer(endsAt);
    },
    async look() {
      await lookAtOwn();
      const seen = await memory.recall(SERVER);
      if (seen !== null) await tellServer(Number(seen));
    },
  };
}
