// Messages of the standard over HTTPS: posted to whoever takes them, and taken from whoever posts them to us. One
// connection may do either or both.
import type { ConnectedSystem, Connector, ConnectorDeps, Problem } from '../../src/connector.js';
import { CodedError, certificateEnd, ERRORS } from '../../src/connector.js';
import { SIVI_FIELDS } from '../sivi/index.js';
import { type Credentials, createCredentials } from './credentials.js';
import { SECRETS, type Settings, sendingOf, settingsSchema } from './settings.js';
import { pushedSource } from './source.js';
import { httpTarget } from './target.js';

export const siviHttp: Connector = {
  name: 'sivi-http',
  settingsSchema,
  pushed: true,
  secrets: SECRETS,
  mapping: { in: 'sivi', out: 'sivi' },
  fields: SIVI_FIELDS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const sending = sendingOf(settings);
    const credentials = createCredentials(settings, deps);
    return {
      source: pushedSource(),
      ...(sending && { target: httpTarget(sending, credentials, deps) }),
      check: (signal) => check(settings, credentials, { deps, signal }),
    };
  },
};

interface Checking {
  readonly deps: ConnectorDeps;
  readonly signal: AbortSignal;
}

/** A token is asked for, and our certificate is looked at. Nothing is posted: there is no message without a person. */
async function check(
  { auth, clientCertificate }: Settings,
  credentials: Credentials,
  { deps, signal }: Checking,
): Promise<readonly Problem[]> {
  const at = (option: string) => `connections.${deps.connection}.settings.${option}`;
  const problems: Problem[] = [];
  if (clientCertificate) {
    const endsAt = certificateEnd(deps.secret(clientCertificate.cert));
    const path = at('clientCertificate.cert');
    if (endsAt === null)
      problems.push({ code: 'TARGET_ROUTE', path, detail: 'It is no certificate in PEM.' });
    else if (endsAt <= deps.clock.now()) {
      const day = new Date(endsAt).toISOString().slice(0, 10);
      problems.push({ code: 'TARGET_ROUTE', path, detail: `The certificate ended on ${day}.` });
    }
  }
  if (auth.kind !== 'oauth2') return problems;
  try {
    await credentials.verify(signal);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const detail = error.message.replace(`${ERRORS[error.code].text} `, '');
    const own = { code: error.code, path: at('auth'), detail };
    problems.push(...(error.problems.length > 0 ? error.problems : [own]));
  }
  return problems;
}
