// Conditions on the data of persons and the employment: citizen service number, partner, addresses, cost centres.
import type { Condition } from './leaf.js';
import { settled } from './leaf.js';
import type { ConditionName } from './rule.js';
import { namesCareInstitution, scanText } from './scanner.js';

/** Meanings of the code table for name preference; any other, also an unconfirmed one, is not known to use it. */
const WITH_PARTNER: readonly unknown[] = ['partner', 'partner-own', 'own-partner'];
/** Meanings of the code tables for kinds of address and of communication. */
const ADDRESS_KINDS: readonly unknown[] = ['home', 'nursing'];
const WORK_KINDS: readonly unknown[] = ['work-phone', 'work-mobile', 'work-email'];

export const PERSON_CONDITIONS = {
  'bsn-in-open-case': {
    decide: ({ context }) => (context.options.bsn === 'open-case' && context.open ? 'pass' : 'drop'),
    settle: ({ bsn }) =>
      bsn === 'never'
        ? settled('drop', 'never, because this route says bsn: never')
        : settled(
            'allow-if',
            'only while the case is open, because this route says bsn: open-case; not after the end or a withdrawal',
          ),
  },
  'partner-name-used': {
    decide: ({ context }) => (WITH_PARTNER.includes(context.namePreference) ? 'pass' : 'drop'),
    settle: () =>
      settled('allow-if', "only when the name preference says that the partner's surname is used"),
  },
  death: {
    decide: () => ({ hold: 'HELD_DEATH', release: 'pass' }),
    settle: () => settled('hold', 'a person looks at the notification first; it goes over if released'),
  },
  'home-or-nursing': {
    decide: ({ siblings }) => (ADDRESS_KINDS.includes(siblings.kind) ? 'pass' : 'drop'),
    settle: () => settled('allow-if', 'only home and nursing addresses; any other kind is left out whole'),
  },
  'nursing-place': {
    decide: ({ value, siblings, context }) => {
      if (context.options.nursingPlaceName === 'drop' || siblings.kind !== 'nursing') return 'drop';
      const text = String(value);
      const suspect = namesCareInstitution(text) || scanText(text).length > 0;
      return suspect ? { hold: 'HELD_NURSING_PLACE', release: 'drop' } : 'pass';
    },
    settle: ({ nursingPlaceName }) =>
      nursingPlaceName === 'drop'
        ? settled('drop', 'never, because this route says nursingPlaceName: drop')
        : settled(
            'allow-if',
            'only with a nursing address; when it seems to name a care institution or holds medical words, a person looks first and the address goes over without the name',
          ),
  },
  'work-kinds': {
    decide: ({ siblings }) => (WORK_KINDS.includes(siblings.kind) ? 'pass' : 'drop'),
    settle: () => settled('allow-if', 'only telephone, mobile and e-mail at work; private ones are left out'),
  },
  'cost-centres': {
    decide: ({ context }) => (context.options.costCentres === 'allow' ? 'pass' : 'drop'),
    settle: ({ costCentres }) =>
      costCentres === 'drop'
        ? settled('drop', 'never, because this route says costCentres: drop')
        : settled(
            'allow-if',
            'because this route says costCentres: allow (invoices per cost centre are agreed)',
          ),
  },
} as const satisfies Partial<Record<ConditionName, Condition>>;
