// A boundary between the parts of a body that is in none of them.
import { createHash } from 'node:crypto';

/** From the text itself, so that the same text always gives the same one; and again until the text does not hold it. */
export function boundaryFor(text: string): string {
  for (let round = 0; ; round += 1) {
    const digest = createHash('sha256').update(`${round}\n${text}`).digest('hex');
    const boundary = `verzuimbrug_${digest.slice(0, 32)}`;
    if (!text.includes(boundary)) return boundary;
  }
}
