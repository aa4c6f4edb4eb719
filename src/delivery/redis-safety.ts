// Is Redis set up so that what is in it stays? Eviction would drop wake-ups and the locks on them, and without AOF a
// restart forgets them. Nothing would be lost, for the store knows all; but an operator should have chosen it.
import type { RedisLink } from './redis-link.js';

export const DANGERS = ['eviction', 'no-aof'] as const;
export type Danger = (typeof DANGERS)[number];

/** Of every node that holds something. Rejects when Redis does not answer. */
export async function dangersOf({ commands }: RedisLink): Promise<Danger[]> {
  const nodes = 'nodes' in commands ? commands.nodes('master') : [commands];
  const all = await Promise.all(nodes.map(infoOf));
  return DANGERS.filter((danger) => all.some((info) => inInfo(info).includes(danger)));
}

/** Empty when we may not ask. */
async function infoOf(node: Pick<RedisLink['commands'], 'info'>): Promise<string> {
  try {
    return await node.info();
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) return '';
    throw error;
  }
}

/** What cannot be read counts as dangerous: nobody can tell that it is not. */
export function inInfo(info: string): Danger[] {
  const lines = info.split(/\r?\n/);
  return [
    ...(lines.includes('maxmemory_policy:noeviction') ? [] : (['eviction'] as const)),
    ...(lines.includes('aof_enabled:1') ? [] : (['no-aof'] as const)),
  ];
}
