// Reading: an element tree along its table into records, one per innermost chain group. Lenient where the rest of the
// product forgives (order, odd forms of fields that are dropped or shortened), strict where a case is steered.
// Problems are inherited downwards: what is wrong with an employer spoils the records of that employer only.
import type { Decoded, DecodedRecord, JsonObject, Problem } from '../../src/connector.js';
import type { Mutable, Notes, Spot } from './decode-group.js';
import { readGroup, repeated } from './decode-group.js';
import type { MessageKind } from './elements.js';
import { linkedFirst } from './linked-first.js';
import {
  isMedicalDocument,
  isMedicalRoot,
  MEDICAL_MESSAGE,
  medicalRecord,
  startsMedicalFile,
} from './medical-file.js';
import type { GroupPlan, MessagePlan } from './plan.js';
import { planFor } from './releases.js';
import { contradictionIn } from './rules.js';
import type { XmlElement } from './xml-read.js';
import { readXml } from './xml-read.js';

/** At most so many different ignored paths are listed for a record. */
const MAX_IGNORED = 200;

export interface DecodeOptions {
  readonly maxBytes?: number;
  /** Read the sealed content of documents too; else it is left out. */
  readonly withContent?: boolean;
}

/**
 * Decodes one message. Every leaf of a record is text as it stood in the XML; `tidy` in values.ts names the few forms
 * that are made uniform. A problem of the message as a whole (its XML, its release, its header) leaves no records.
 * A medical file gives one record without any values, and the problem HELD_MEDICAL_FILE.
 */
export function decodeMessage(bytes: Uint8Array, options: DecodeOptions = {}): Decoded {
  return decodeBytes(bytes, options, (kind) => !isOfEmployment(kind));
}

/** The messages about employments and about employees, which no route uses: the rest is refused here, as they are there. */
export function decodeEmploymentMessage(bytes: Uint8Array, options: DecodeOptions = {}): Decoded {
  return decodeBytes(bytes, options, isOfEmployment);
}

const isOfEmployment = (kind: MessageKind) => kind === 'employment' || kind === 'employee';

function decodeBytes(
  bytes: Uint8Array,
  options: DecodeOptions,
  isTaken: (kind: MessageKind) => boolean,
): Decoded {
  if (startsMedicalFile(bytes)) return MEDICAL_MESSAGE;
  const read = readXml(bytes, options.maxBytes);
  if ('problem' in read) return { records: [], problems: [read.problem] };
  if (isMedicalRoot(read.root)) return MEDICAL_MESSAGE;
  const found = planFor(read.root);
  if ('problem' in found) return { records: [], problems: [found.problem] };
  const { plan } = found;
  if (isTaken(plan.table.kind)) return decodeTree(read.root, plan, options);
  return { records: [], problems: [{ code: 'KIND_NOT_CARRIED', path: plan.root.tag }] };
}

/** Decodes an element tree, from whatever it was read, along the table of its message. */
export function decodeTree(root: XmlElement, plan: MessagePlan, options: DecodeOptions = {}): Decoded {
  const reading: Reading = { plan, records: [], withContent: options.withContent ?? false };
  const problems = readChain(
    reading,
    { plan: plan.root, element: root, place: plan.root.tag, tooMany: false },
    NOTHING,
  );
  if (problems.length === 0) return { records: reading.records, problems: [] };
  // Whatever else is wrong with the message: that it holds a medical file has to be told.
  const medical = reading.records.find(({ kind }) => kind === 'medical-file');
  return medical
    ? { records: [{ ...medical, problems: [...medical.problems, ...problems] }], problems: [] }
    : { records: [], problems };
}

interface Reading {
  readonly plan: MessagePlan;
  readonly records: DecodedRecord[];
  readonly withContent: boolean;
}

/** What a record gets from the groups above it. */
interface Inherited {
  readonly parts: JsonObject;
  readonly problems: readonly Problem[];
  readonly ignored: readonly string[];
}

const NOTHING: Inherited = { parts: {}, problems: [], ignored: [] };

/**
 * A chain group: its own object, those of its side groups, then the chain groups in it, or else a record. A group that
 * lacks the chain group it needs gives a record too, with that problem: nothing is left out without a word.
 */
function readChain(reading: Reading, spot: Spot, above: Inherited): readonly Problem[] {
  const notes: Notes = { problems: [], ignored: new Set(), withContent: reading.withContent };
  const parts: Mutable = { ...(above.parts as Mutable) };
  const chains: Spot[] = [];
  const own = readGroup(spot, notes);
  if (isNamed(spot.plan, own.object, reading)) parts[spot.plan.name] = own.object;
  for (const found of own.groups) {
    if (found.plan.role === 'chain') chains.push(found);
    else parts[found.plan.name] = readGroup(found, notes).object;
  }
  const inherited: Inherited = {
    parts,
    problems: notes.problems.length > 0 ? [...above.problems, ...notes.problems] : above.problems,
    ignored: notes.ignored.size > 0 ? joined(above.ignored, notes.ignored) : above.ignored,
  };
  if (chains.length === 0) reading.records.push(recordOf(reading, spot, inherited));
  for (const chain of chains) {
    if (chain.tooMany) reading.records.push(surplus(reading, chain, inherited));
    else readChain(reading, chain, inherited);
  }
  return notes.problems;
}

/** The root has a name of its own in few messages, and then nothing may stand in it. */
function isNamed(group: GroupPlan, object: JsonObject, { plan }: Reading): boolean {
  return group === plan.root ? group.name !== '' && Object.keys(object).length > 0 : true;
}

function recordOf({ plan }: Reading, spot: Spot, inherited: Inherited): DecodedRecord {
  const { problems, ignored } = inherited;
  const parts = linkedFirst(inherited.parts);
  const kind = kindOf(plan);
  if (kind.kind === 'document' && isMedicalDocument(parts)) return medicalRecord(spot.place);
  const contradiction = problems.length === 0 ? contradictionIn(parts) : undefined;
  if (!contradiction) return { ...kind, path: spot.place, record: parts, problems, ignored };
  const { group, name, detail } = contradiction;
  const path = `${spot.place}/${plan.tagOf(group, name)}`;
  return {
    ...kind,
    path: spot.place,
    record: parts,
    problems: [{ code: 'SIVI_CONTRADICTION', path, detail }],
    ignored,
  };
}

/** Absences are the rule; employments and employees are records of no route. */
function kindOf({ table: { kind } }: MessagePlan): Pick<DecodedRecord, 'kind'> {
  return kind === 'absence' || kind === 'employment' || kind === 'employee' ? {} : { kind };
}

/** Stands for all groups from here on that the standard does not allow in this place. */
function surplus({ plan }: Reading, spot: Spot, { parts, problems, ignored }: Inherited): DecodedRecord {
  const all = [...problems, repeated(spot.place)];
  return { ...kindOf(plan), path: spot.place, record: parts, problems: all, ignored };
}

function joined(above: readonly string[], own: ReadonlySet<string>): readonly string[] {
  return [...new Set([...above, ...own])].slice(0, MAX_IGNORED);
}
