// The queue's part of a configuration, with its secrets and certificates: which there are, and what they hold.
import { type LoadedConfig, readSecret } from './load.js';

export interface QueueReference {
  readonly option: string;
  readonly reference: string;
  /** False for a certificate, which is read the same way and which everybody may see. */
  readonly isSecret: boolean;
}

/** What has to be read before the queue can be used. */
export function queueReferences({ config }: LoadedConfig): QueueReference[] {
  const { password, certificates: { ca, cert, key } = {} } = config.queue;
  const secrets = { password, 'certificates.key': key };
  const all = { ...secrets, 'certificates.ca': ca, 'certificates.cert': cert };
  return Object.entries(all).flatMap(([option, reference]) =>
    reference === undefined ? [] : [{ option: `queue.${option}`, reference, isSecret: option in secrets }],
  );
}

/** With its secrets and certificates read. Throws ConfigError SECRET_MISSING. */
export function readQueue({ config, resolvePath }: LoadedConfig) {
  const { url, username, password, certificates, cluster, options } = config.queue;
  const read = (reference: string) => readSecret(reference, resolvePath);
  const { ca, cert, key, serverName } = certificates ?? {};
  const pem = {
    ...(ca && { ca: read(ca) }),
    ...(cert && { cert: read(cert) }),
    ...(key && { key: read(key) }),
    ...(serverName && { serverName }),
  };
  return {
    ...{ url, cluster, options },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: read(password) }),
    ...(certificates && { tls: pem }),
  };
}
