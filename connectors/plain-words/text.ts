// What HR or a manager reads, in plain Dutch: what was planned, moved, cancelled or advised, or what became of a report.
// Pure. It says what the record holds and nothing more; whom it is about is for the caller to add.
import type { AdviceWords, AppointmentWords, ResultWords, WordsRecord } from './fields.js';

export interface Words {
  /** One line, at most 50 characters as long as the title is at most 25. Names nobody. */
  readonly heading: string;
  readonly lines: readonly string[];
}

export function wordsOf(record: WordsRecord): Words {
  if (record.recordKind === 'appointment') return appointmentWords(record.kind, record.appointment);
  if (record.recordKind === 'advice') return adviceWords(record.advice);
  return resultWords(record.result);
}

/** What a notification says of an appointment; a kind that is not here says only that it is there. */
const CHANGES: Readonly<Record<string, { readonly word: string; readonly line: string }>> = {
  AppointmentScheduled: { word: 'gepland', line: 'De arbodienst heeft een afspraak gepland.' },
  AppointmentMoved: { word: 'verplaatst', line: 'De arbodienst heeft een afspraak verplaatst.' },
  AppointmentCancelled: { word: 'vervallen', line: 'Deze afspraak van de arbodienst gaat niet door.' },
  AppointmentKept: { word: 'geweest', line: 'Deze afspraak van de arbodienst is doorgegaan.' },
  AppointmentMissed: {
    word: 'gemist',
    line: 'De werknemer is bij deze afspraak van de arbodienst niet verschenen.',
  },
};
const OTHER = { word: 'gewijzigd', line: 'Bericht van de arbodienst over een afspraak.' };

function appointmentWords(kind: string, appointment: AppointmentWords): Words {
  const { title, date, time, durationMinutes, form, place, previousDate, previousTime } = appointment;
  const { word, line } = CHANGES[kind] ?? OTHER;
  const moved = kind === 'AppointmentMoved' && (previousDate !== undefined || previousTime !== undefined);
  const before = `${dutchDate(previousDate ?? date)}${previousTime ? ` om ${clockTime(previousTime)}` : ''}`;
  return {
    heading: `${title} ${word} ${dutchDate(date)}`,
    lines: [
      line,
      '',
      `Wat: ${title}`,
      `Datum: ${dutchDate(date)}`,
      `Tijd: ${clockTime(time)}`,
      ...(durationMinutes === undefined ? [] : [`Duur: ${durationMinutes} minuten`]),
      ...(form === undefined ? [] : [`Vorm: ${form}`]),
      ...(place === undefined ? [] : [`Plaats: ${place}`]),
      ...(moved ? [`Eerder gepland: ${before}`] : []),
    ],
  };
}

function adviceWords(advice: AdviceWords): Words {
  const { reportDate, percentages, therapeuticPercentage, expectedRecovery } = advice;
  const lines = percentages.map(
    ({ from, until, percentage }) =>
      `Vanaf ${dutchDate(from)}${until ? ` tot en met ${dutchDate(until)}` : ''}: ${percent(percentage)} afwezig`,
  );
  return {
    heading: `Advies arbodienst${reportDate === undefined ? '' : ` ${dutchDate(reportDate)}`}`,
    lines: [
      'De arbodienst heeft een advies gegeven.',
      ...(reportDate === undefined ? [] : ['', `Datum van het advies: ${dutchDate(reportDate)}`]),
      ...part('Advies over de inzetbaarheid', lines),
      ...(therapeuticPercentage === undefined
        ? []
        : ['', `Arbeidstherapie: ${percent(therapeuticPercentage)}`]),
      ...(expectedRecovery === undefined ? [] : ['', `Verwacht herstel: ${dutchDate(expectedRecovery)}`]),
      ...part('Wat kan wel', textsOf(advice.abilities)),
      ...part('Wat kan niet', textsOf(advice.limitations)),
      ...part('Aanpassingen', textsOf(advice.adaptations)),
    ],
  };
}

function resultWords({ outcome, code, text, caseId, sequence }: ResultWords): Words {
  return {
    heading: `Melding aan de arbodienst ${outcome}`,
    lines: [
      `De arbodienst laat weten: melding ${outcome}.`,
      '',
      ...(caseId === undefined ? [] : [`Verzuimgeval: ${caseId}`]),
      ...(sequence === undefined ? [] : [`Volgnummer: ${sequence}`]),
      ...(code === undefined ? [] : [`Code van de arbodienst: ${code}`]),
      ...(text === undefined ? [] : [`Toelichting van de arbodienst: ${text}`]),
    ],
  };
}

const textsOf = (texts: readonly { readonly text: string }[]) => texts.map(({ text }) => text);

function part(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${name}:`, ...lines.map((line) => `- ${line}`)];
}

/** 2026-03-02 as people here write it: 02-03-2026. */
export function dutchDate(date: string): string {
  return date.split('-').reverse().join('-');
}

const clockTime = (time: string): string => time.slice(0, 5);

/** "50.00" is 50 %, "37.50" is 37,5 %. */
function percent(percentage: string): string {
  return `${String(Number(percentage)).replace('.', ',')} %`;
}
