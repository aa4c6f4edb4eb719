// Mutual TLS: with which certificate we show who we are, and whom we trust. A connection that was opened with one
// certificate is never used for a call with another.
import { createHash, X509Certificate } from 'node:crypto';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type PeerCertificate, TLSSocket } from 'node:tls';
import { RouteError } from '../errors.js';

/** All PEM texts. */
export interface TlsIdentity {
  /** Our certificate, with those between it and its authority behind it, and its key. */
  readonly own?: { readonly cert: string; readonly key: string };
  /** The only authorities to trust; those of Node when absent. */
  readonly authorities?: string;
}

/** After a certificate was replaced the agent of the old one is of no use; so few are kept. */
const AGENTS_KEPT = 32;

/** One agent for each identity, with the same connections as long as the certificate is the same. Throws RouteError. */
export function createAgents(options: AgentOptions): (identity: TlsIdentity) => HttpsAgent {
  const agents = new Map<string, HttpsAgent>();
  return (identity) => {
    const name = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
    const known = agents.get(name);
    if (known) return known;
    const agent = new HttpsAgent({ ...options, ...contextOf(identity, options) });
    agents.set(name, agent);
    const [oldest] = agents.keys();
    if (agents.size > AGENTS_KEPT && oldest !== undefined) {
      agents.get(oldest)?.destroy();
      agents.delete(oldest);
    }
    return agent;
  };
}

function contextOf({ own, authorities }: TlsIdentity, { minVersion }: AgentOptions): AgentOptions {
  const given = { ...own, ...(authorities !== undefined && { ca: authorities }) };
  try {
    // Made here to see that certificate and key fit: the error of a later handshake would be none of ours.
    createSecureContext({ ...given, ...(minVersion && { minVersion }) });
    return given;
  } catch {
    throw new RouteError(
      'The client certificate, its key or the authority cannot be used: not PEM, or no pair.',
    );
  }
}

/** Instant at which the first certificate of a PEM text ends, ms UTC; null when it is none. */
export function certificateEnd(pem: string): number | null {
  try {
    return instantOf(new X509Certificate(pem).validTo);
  } catch {
    return null;
  }
}

/** Of the server at the other end; null when it showed none. */
export function serverCertificateEnd(socket: Socket): number | null {
  if (!(socket instanceof TLSSocket)) return null;
  // Without a certificate it is an empty object.
  const shown: Partial<PeerCertificate> = socket.getPeerCertificate();
  return shown.valid_to ? instantOf(shown.valid_to) : null;
}

function instantOf(text: string): number | null {
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
