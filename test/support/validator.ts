// A validating proxy started from a published description: it stands between a client and a server of ours, refuses a
// request that the description does not allow (422) and an answer that breaks it (500), so that neither can drift.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Validator {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `description` is a path under the published descriptions, such as `visma-verzuim/openapi.mock.yaml`. It cannot hold an
 * XML answer against the description: `checkAnswers: false` then checks the requests only.
 */
export async function startValidator(
  description: string,
  upstream: string,
  { checkAnswers = true }: { checkAnswers?: boolean } = {},
): Promise<Validator> {
  const file = fileURLToPath(new URL(`../../../shared/${description}`, import.meta.url));
  if (!existsSync(file)) throw new Error(`the published description ${description} is not there: ${file}`);
  const program = fileURLToPath(new URL('./validator-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, file, upstream, String(checkAnswers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => null)]);
  if (first === null) throw new Error(`the validating proxy for ${description} did not start`);
  return {
    url: String(first[0]).replace(/\/$/, ''),
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
