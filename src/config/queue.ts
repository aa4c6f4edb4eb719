// The queue's part of a configuration, with its secrets and certificates: which there are, and what they hold.
import { type LoadedConfig, readSecret } from './load.js';

/** References to secrets, by the option that holds them. */
export function queueSecrets({ config }: LoadedConfig): [option: string, reference: string][] {
  const { password, certificates: { ca, cert, key } = {} } = config.queue;
  const certificates = { 'certificates.ca': ca, 'certificates.cert': cert, 'certificates.key': key };
  const all = { password, ...certificates };
  return Object.entries(all).flatMap(([option, reference]) =>
    reference === undefined ? [] : [[`queue.${option}`, reference]],
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
