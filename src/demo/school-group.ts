// A made-up school group: employers, employees and their employments. Names are put together from syllables; the
// citizen service numbers pass the eleven-test and begin with 9, a range that is not given out.
import type { JsonObject } from '../connector.js';
import type { Chance } from './chance.js';

export interface DemoEmployee {
  readonly employer: JsonObject;
  readonly employee: JsonObject & { readonly id: string };
  readonly employment: JsonObject & { readonly id: string };
}

const FIRST = ['ba', 'de', 'fi', 'go', 'ja', 'ke', 'li', 'mo', 'na', 'ro', 'si', 'ta', 've', 'wi'] as const;
const LAST = ['berg', 'dal', 'kamp', 'laar', 'meer', 'stra', 'veld', 'woud', 'zand'] as const;
const TOWNS = ['Oudedorp', 'Nieuwveen', 'Westerlo', 'Kruisdijk', 'Hoogland aan de Vaart'] as const;
const JOBS = [
  'Docent',
  'Conciërge',
  'Administratief medewerker',
  'Onderwijsassistent',
  'Teamleider',
] as const;

export function createSchoolGroup(size: number, chance: Chance): DemoEmployee[] {
  const employers = Array.from({ length: 12 }, (_, index) => createEmployer(index + 1));
  return Array.from({ length: size }, (_, index) => {
    const employer = employers[index % employers.length] ?? createEmployer(1);
    return createEmployee(index + 1, employer, chance);
  });
}

function createEmployer(number: number): JsonObject {
  return {
    name: `Scholengroep Voorbeeld, school ${number}`,
    id: String(100 + number),
    connectionNumber: `64${String(number).padStart(2, '0')}`,
    payrollTaxNumber: `9000000${String(number).padStart(2, '0')}L01`,
  };
}

function createEmployee(number: number, employer: JsonObject, chance: Chance): DemoEmployee {
  const personnelNumber = String(10_000 + number);
  const name = () => capital(`${chance.pick(FIRST)}${chance.pick(FIRST)}${chance.pick(LAST)}`);
  const contact = {
    lastName: name(),
    initials: 'P',
    gender: 'O',
    role: '01',
    communications: [{ kind: '06', value: `010 555 0${String(100 + (number % 900))}` }],
  };
  return {
    employer,
    employee: {
      bsn: testNumber(number),
      birthDate: `${1960 + chance.below(45)}-0${1 + chance.below(9)}-1${chance.below(10)}`,
      lastName: name(),
      initials: chance.pick(['A', 'B.C', 'D', 'EFG']),
      namePreference: '01',
      gender: chance.pick(['M', 'V', 'O']),
      educationLevel: '05',
      titleAfter: chance.percent(5) ? 'MSc' : undefined,
      partner: chance.percent(40) ? { lastName: name() } : undefined,
      id: `W${personnelNumber}`,
      bankAccount: { iban: `NL00TEST0${String(100_000_000 + number)}` },
      addresses: [
        {
          kind: '01',
          postcode: `10${String(10 + (number % 90))}AB`,
          town: chance.pick(TOWNS),
          street: 'Schoolstraat',
          houseNumber: String(1 + (number % 200)),
        },
      ],
      communications: [{ kind: '07', value: `06 555 ${String(10_000 + number)}` }],
    },
    employment: {
      id: `D${personnelNumber}-1`,
      startDate: `20${10 + chance.below(14)}-08-01`,
      personnelNumber,
      jobName: chance.pick(JOBS),
      unitCode: `T${1 + (number % 40)}`,
      contractHours: '36.00',
      contacts: [contact],
    },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Nine digits, beginning with 9, for which 9a+8b+7c+6d+5e+4f+3g+2h-i is a multiple of eleven. */
function testNumber(number: number): string {
  for (let stem = 90_000_000 + number * 11; ; stem += 1) {
    const digits = [...String(stem)].map(Number);
    const sum = digits.reduce((total, digit, index) => total + digit * (9 - index), 0);
    if (sum % 11 < 10) return `${stem}${sum % 11}`;
  }
}
