// The folders of a link by files, for a check that makes none of them.
import type { InboxSettings, OutboxSettings } from './settings.js';

export interface FolderOfLink {
  readonly option: 'inbox' | 'done' | 'failed' | 'outbox';
  readonly path: string;
  /** It is made when it is first needed. */
  readonly mayBeMissing: boolean;
}

export function foldersOf({
  inbox,
  outbox,
}: {
  readonly inbox: InboxSettings | null;
  readonly outbox: OutboxSettings | null;
}): FolderOfLink[] {
  return [
    ...(inbox
      ? ([
          { option: 'inbox', path: inbox.inbox, mayBeMissing: false },
          { option: 'done', path: inbox.done, mayBeMissing: true },
          { option: 'failed', path: inbox.failed, mayBeMissing: true },
        ] as const)
      : []),
    ...(outbox
      ? ([{ option: 'outbox', path: outbox.outbox, mayBeMissing: outbox.makeOutbox }] as const)
      : []),
  ];
}
