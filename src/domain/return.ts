// What an arbodienst says on the way back: about an appointment, its advice, what became of a report of ours, or a
// document. One of the last four groups is set. The ids are those of the arbodienst; the ledger knows the employer's.
import type { Percentage, PlainDate } from './people.js';

/** `planned` until something is known of how it went. */
export const APPOINTMENT_STATUSES = ['planned', 'cancelled', 'kept', 'no-show'] as const;
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

export const APPOINTMENT_FORMS = ['online', 'phone', 'location'] as const;

/** What an employer may know of whom an appointment is with (dutch-rules.md P-44); `consultation` is the neutral rest. */
export const CONSULTANTS = [
  'company-doctor',
  'practice-assistant',
  'case-manager',
  'labour-expert',
  'consultation',
] as const;
export type Consultant = (typeof CONSULTANTS)[number];

export const RESULT_OUTCOMES = ['received', 'processed', 'processed-with-remark', 'refused'] as const;
export type ResultOutcome = (typeof RESULT_OUTCOMES)[number];

/** A time of day HH:MM, local, in no zone: it stands in somebody's diary. */
export type PlainTime = string;

/** Texts of one kind, such as what somebody can do: each past the scanner by itself. */
export type Texts = readonly { readonly text?: string }[];

export interface Person {
  readonly id?: string;
  readonly previousId?: string;
  readonly bsn?: string;
  readonly birthDate?: PlainDate;
  readonly deathDate?: PlainDate;
  readonly lastName?: string;
  readonly initials?: string;
  readonly prefix?: string;
  readonly calledName?: string;
  readonly gender?: string;
}

export interface Appointment {
  readonly id: string;
  /** Set when the source renumbered the appointment. */
  readonly previousId?: string;
  readonly status: AppointmentStatus;
  readonly date: PlainDate;
  readonly previousDate?: PlainDate;
  readonly time: PlainTime;
  readonly previousTime?: PlainTime;
  readonly durationMinutes?: number;
  readonly form?: string;
  /** A word of CONSULTANTS once it is cleared; before that whatever the source wrote. */
  readonly kind?: string;
  readonly role?: string;
  /** False only when the source says that the employer may know of it; absent where the source knows no such thing. */
  readonly anonymous?: boolean;
  readonly title?: string;
  readonly description?: string;
  readonly cancellationReason?: string;
  readonly link?: string;
  readonly phoneNumber?: string;
  readonly place?: {
    readonly name?: string;
    readonly street?: string;
    readonly houseNumber?: string;
    readonly houseNumberSuffix?: string;
    readonly postcode?: string;
    readonly town?: string;
  };
  readonly executor?: {
    readonly lastName?: string;
    readonly initials?: string;
    readonly calledName?: string;
    readonly gender?: string;
  };
}

/** A share absent that is advised from a day on. */
export interface AdvisedPercentage {
  readonly from: PlainDate;
  readonly until?: PlainDate;
  readonly percentage: Percentage;
}

export interface Advice {
  readonly id?: string;
  readonly reportDate?: PlainDate;
  readonly percentages?: readonly AdvisedPercentage[];
  readonly therapeuticPercentage?: Percentage;
  readonly expectedRecovery?: PlainDate;
  readonly abilities?: Texts;
  readonly limitations?: Texts;
  readonly adaptations?: Texts;
  readonly notes?: Texts;
}

/** What the receiver says of our message `reference`, or of one report in it. */
export interface ProcessingResult {
  readonly reference: string;
  readonly scope: 'message' | 'report';
  readonly outcome: ResultOutcome;
  readonly code?: string;
  readonly text?: string;
  /** Names the report within the message. */
  readonly caseId?: string;
  readonly sequence?: number;
  readonly errors?: readonly { readonly code?: string; readonly text?: string }[];
}

/** A document and what it is; never its content. */
export interface ReturnDocument {
  readonly id?: string;
  readonly kind?: string;
  readonly description?: string;
  readonly date?: PlainDate;
  readonly fileName?: string;
  readonly fileType?: string;
}

export interface ReturnObservation {
  readonly message?: {
    readonly reference?: string;
    readonly test?: boolean;
    /** When the sender wrote it, as `2026-03-09 08:00:00`, with fractions or a zone behind it where the sender gives them. */
    readonly createdAt?: string;
  };
  /** As the arbodienst knows it. */
  readonly employer?: { readonly id?: string; readonly name?: string };
  readonly employee?: Person;
  readonly employment?: { readonly id?: string; readonly personnelNumber?: string };
  /**
   * The link to an absence case. `employerId` is set where the arbodienst holds a key of ours: it is the employer's own id,
   * and only cases of that employer can be meant.
   */
  readonly absence?: {
    readonly employerId?: string;
    readonly caseId?: string;
    readonly firstDay?: PlainDate;
  };
  readonly appointment?: Appointment;
  readonly advice?: Advice;
  readonly result?: ProcessingResult;
  readonly document?: ReturnDocument;
}

export const RETURN_NOTIFICATION_KINDS = [
  'AppointmentScheduled',
  'AppointmentMoved',
  'AppointmentCancelled',
  'AppointmentKept',
  'AppointmentMissed',
  'AdviceGiven',
  'ReportConfirmed',
  'ReportRejected',
  'DocumentOffered',
] as const;
export type ReturnNotificationKind = (typeof RETURN_NOTIFICATION_KINDS)[number];

/**
 * One thing that the employer has to be told. Its ids are the employer's own, from the ledger's case. `sequence` counts
 * our notifications about this appointment, advice, report or document, from 1.
 */
export interface ReturnNotification {
  readonly kind: ReturnNotificationKind;
  readonly employer: { readonly id: string; readonly name?: string; readonly payrollTaxNumber?: string };
  readonly employee: {
    readonly id: string;
    readonly lastName?: string;
    readonly initials?: string;
    readonly prefix?: string;
    readonly calledName?: string;
  };
  readonly employment?: { readonly id: string; readonly personnelNumber?: string };
  readonly absence: { readonly caseId?: string; readonly firstDay?: PlainDate };
  readonly sequence: number;
  readonly appointment?: Appointment;
  readonly advice?: Advice;
  readonly result?: ProcessingResult;
  readonly document?: ReturnDocument;
}
