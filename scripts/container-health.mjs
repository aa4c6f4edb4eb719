// The health check of the container, where there is no curl: asks the daemon's /readyz, which writes to the store.
// Host and port come from config.yaml in the working folder. Exit code 0 when it is ready, else 1, and a line why.
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';

const TIMEOUT_MS = 3000;
/** A server on every address is asked on the nearest one. */
const NEAREST = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

function addressOf(config) {
  const { host = '127.0.0.1', port = 8480 } = config?.http ?? {};
  const plain = NEAREST[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${plain}:${port}/readyz`;
}

// Not by fetch, which refuses some ports that a configuration may name.
function ask(address) {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) });
    request.on('response', async (answer) => {
      const words = await text(answer).catch(reject);
      resolve({ ready: answer.statusCode === 200, words: `${answer.statusCode} ${words}` });
    });
    request.on('error', reject);
  });
}

const address = addressOf(parse(readFileSync('config.yaml', 'utf8')));
const { ready, words } = await ask(address).catch((error) => ({ ready: false, words: error.code }));
process.stdout.write(`${address}: ${words}\n`);
process.exitCode = ready ? 0 : 1;
