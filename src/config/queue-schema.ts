// The queue's part of the configuration: where Redis is, who we are there, and what of its dangers the operator accepts.
import { z } from 'zod';

const secret = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'must be env:NAME or file:PATH');
const redisUrl = z
  .string()
  .refine(
    (url) => /^rediss?:\/\/.+/.test(url) && URL.canParse(url),
    'must be embedded, redis://... or rediss://...',
  );

export const queueSchema = z
  .strictObject({
    url: z
      .union([z.literal('embedded'), redisUrl], 'must be embedded, redis://... or rediss://...')
      .default('embedded')
      .describe('embedded, or redis://HOST:PORT/DB (rediss:// for TLS) shared by all processes.'),
    username: z.string().optional().describe('ACL user; may stand in the URL too.'),
    password: secret.optional().describe('May stand in the URL too, but a secret is better kept elsewhere.'),
    certificates: z
      .strictObject({
        ca: secret.optional(),
        cert: secret.optional(),
        key: secret.optional(),
        serverName: z.string().optional(),
      })
      .optional()
      .describe('Authority of the server, our own certificate and its key (PEM), and the name to expect.'),
    cluster: z.array(redisUrl).default([]).describe('Further nodes of a Redis Cluster.'),
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Options of ioredis as they are: sentinels and name for Sentinel, natMap, ...'),
    allowUnsafe: z
      .array(z.enum(['eviction', 'no-aof']))
      .default([])
      .describe('Dangers of this Redis that are accepted, and written to the audit.'),
  })
  .prefault({})
  .describe('What wakes deliveries up.');
