// The configuration as zod schemas: every option, its default and its description. config.example.yaml is held to
// this by a test. Unknown keys are errors.
import { z } from 'zod';
import { PARTIES } from '../connector.js';
import { LOG_LEVELS } from '../log.js';
import { queueSchema } from './queue-schema.js';
import { webhookSchema } from './webhook-schema.js';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, a letter first');
const days = (fallback: number) => z.int().min(1).max(3650).default(fallback);

const timezone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone), 'is not a known time zone')
  .default('Europe/Amsterdam');

export const privacySchema = z.strictObject({
  bsn: z
    .enum(['never', 'open-case'])
    .default('never')
    .describe('Citizen service number: never, or only with a case that is still open.'),
  partialPercentage: z
    .enum(['hold', 'with-advice', 'allow'])
    .default('hold')
    .describe(
      'A percentage other than 0 and 100: hold it, pass it when the arbodienst advised it, or let it pass.',
    ),
  freeText: z
    .enum(['drop', 'hold'])
    .default('drop')
    .describe('Free text never goes over; hold stops the whole notification for review.'),
  costCentres: z
    .enum(['drop', 'allow'])
    .default('drop')
    .describe('Allow only when invoicing per cost centre is agreed.'),
  statutoryLeave: z
    .enum(['drop', 'allow'])
    .default('drop')
    .describe('Allow only when HR registers statutory leave itself.'),
  conflict: z
    .enum(['hold', 'allow'])
    .default('hold')
    .describe('A reported labour conflict: hold it, or let it pass when your policy accepts that.'),
  nursingPlaceName: z
    .enum(['hold', 'drop'])
    .default('hold')
    .describe(
      'Name of a nursing address: hold it when it seems to name a care institution, or always leave it out.',
    ),
  actions: z.array(z.string()).default([]).describe('Action codes that may be passed on.'),
  endReasons: z.array(z.string()).default([]).describe('Codes of the reason of end that may be passed on.'),
  documents: z
    .array(z.string())
    .default([])
    .describe('From an arbodienst: kinds of document that may be offered to the employer.'),
  places: z
    .array(z.string())
    .default([])
    .describe('From an arbodienst: names of its offices, which may go with an appointment.'),
});

const routeSchema = z.strictObject({
  name,
  from: name.describe('Name of the connection that the route starts at.'),
  to: name.describe('Name of the connection that the route ends at.'),
  schedule: z
    .string()
    .default('* * * * *')
    .describe(
      'When to poll: a cron expression in `timezone`, seconds allowed in front. None where messages are pushed.',
    ),
  strictCodes: z.boolean().optional().describe('As the option of the same name below, for this route alone.'),
  results: z
    .enum(['refused', 'all'])
    .default('refused')
    .describe('From an arbodienst: which results of its processing the employer is told.'),
  answers: z
    .array(name)
    .min(1)
    .optional()
    .describe('From an arbodienst: names of the routes with absences whose cases this route speaks about.'),
  privacy: privacySchema.prefault({}),
  mapping: z
    .strictObject({
      in: z.record(z.string(), z.unknown()).default({}),
      out: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({})
    .describe('Single fields that this route maps otherwise, in the language of the mapping files.'),
  employers: z
    .record(z.string(), z.record(z.string(), z.string()))
    .default({})
    .describe('Per employer id: values that the receiver wants and the source does not know.'),
});

export const configSchema = z.strictObject({
  instance: name.default('verzuimbrug').describe('Name of this installation, for people and metrics.'),
  timezone: timezone.describe('Zone of schedules and of dates that the product itself writes.'),
  store: z
    .strictObject({
      url: z
        .string()
        .refine((url) => !/^postgres(ql)?:\/\/[^/]*@[^/]*,/.test(url), {
          error:
            'names several hosts, which is not supported: give one address that always leads to the server that can be written (a virtual address, a DNS name or a pooler)',
          abort: true,
        })
        .regex(
          /^(sqlite:.+|postgres(ql)?:\/\/[^:@/?#]+@(\[[0-9a-fA-F:]+\]|[^:@/?#]+)(:\d+)?\/[^/?#]+)$/,
          'must be sqlite:PATH or postgres://USER@HOST:PORT/DATABASE; a password goes into store.password',
        )
        .default('sqlite:./data/verzuimbrug.db'),
      password: z
        .string()
        .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'must be env:NAME or file:PATH')
        .optional()
        .describe('Of the user of PostgreSQL.'),
      encryption: z
        .enum(['verified', 'off'])
        .default('verified')
        .describe('To PostgreSQL: TLS with its certificate verified, or off on a network of its own.'),
      ca: z.string().optional().describe('File with the certificates that may vouch for it, PEM.'),
      auditCheckpoint: z
        .string()
        .default('./data/audit-checkpoint.json')
        .describe('With PostgreSQL: where this machine notes how the audit chain ended.'),
    })
    .prefault({})
    .describe('Where notifications, ledger and audit are kept.'),
  queue: queueSchema,
  masterKey: z
    .string()
    .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'must be env:NAME or file:PATH')
    .default('file:./data/master.key')
    .describe('Key that seals everything personal in the store.'),
  http: z
    .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65535).default(8480) })
    .prefault({})
    .describe('Health and metrics; port 0 takes any free port.'),
  logLevel: z.enum(LOG_LEVELS).default('info'),
  mappings: z.string().optional().describe('Folder of mapping files in place of the built-in ones.'),
  strictCodes: z.boolean().default(false).describe('Refuse codes whose meaning is only a guess.'),
  delivery: z
    .strictObject({
      firstRetrySeconds: z.int().min(1).default(30),
      longestRetrySeconds: z.int().min(1).default(3600),
      timeoutSeconds: z.int().min(1).default(60),
      pauseSeconds: z.int().min(1).default(60),
      failuresBeforePause: z.int().min(1).default(10),
      drainSeconds: z.int().min(0).default(20),
      attentionHours: z.int().min(1).default(24),
    })
    .prefault({})
    .describe(
      'Retries grow from the first to the longest; a refused connection is tried again after the pause.',
    ),
  retention: z
    .strictObject({ bodyDays: days(14), parkedDays: days(30), seenDays: days(400), caseDays: days(365) })
    .prefault({})
    .describe(
      'How long sealed bodies stay after the final state, how long a person may take to decide, and how long the people of an ended case are known.',
    ),
  connections: z
    .record(
      name,
      z.strictObject({
        connector: z.string(),
        party: z.enum(PARTIES),
        settings: z.record(z.string(), z.unknown()).default({}),
        webhook: webhookSchema
          .optional()
          .describe('What may be pushed to POST /hooks/<connection>, and how it proves who sent it.'),
      }),
    )
    .describe('The systems to connect; `settings` depend on the connector.'),
  routes: z.array(routeSchema).min(1).describe('What goes from where to where.'),
});

export type Config = z.infer<typeof configSchema>;
export type RouteConfig = z.infer<typeof routeSchema>;
export type ConnectionConfig = Config['connections'][string];
