// The validating proxy as a process of its own: DESCRIPTION UPSTREAM CHECK_ANSWERS. Prints its address once it listens; ends when its
// input ends. Started as a library: the command-line program leaves `filter[...]` parameters unchecked.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { createLogger } = require('@stoplight/prism-core');
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { createServer } = require('@stoplight/prism-http-server');

const [, , description, upstream, checkAnswers] = process.argv;
const operations = await getHttpOperationsFromSpec(description);
const server = createServer(operations, {
  cors: false,
  config: {
    checkSecurity: true,
    validateRequest: true,
    validateResponse: checkAnswers === 'true',
    isProxy: true,
    errors: true,
    mock: { dynamic: false },
    upstream: new URL(upstream),
  },
  components: { logger: createLogger('validator', { level: 'silent' }) },
});
process.stdout.write(`${await server.listen(0, '127.0.0.1')}\n`);
process.stdin.resume().on('end', () => process.exit(0));
