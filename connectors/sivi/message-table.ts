// One message in one release as a table: the same for all messages but for their header, codes and groups.
import type { Group, MessageKind, MessageTable } from './elements.js';

/** Every message of the standard has a namespace of its own, which ends in its name and its release. */
const NAMESPACE = 'http://www.sivi.org/Verzuimmanagement/';

export interface MessageFacts {
  readonly kind: MessageKind;
  readonly release: string;
  /** Empty where the standard does not fix them. */
  readonly messageCode: string;
  readonly messageVersion: string;
  readonly header: Group;
  /** The root with everything below it but the header. */
  readonly body: Group;
}

export function messageTable({ header, body, ...facts }: MessageFacts): MessageTable {
  return {
    ...facts,
    namespace: `${NAMESPACE}${body.tag}/${facts.release}`,
    lenient: false,
    root: { ...body, children: [header, ...body.children] },
  };
}
