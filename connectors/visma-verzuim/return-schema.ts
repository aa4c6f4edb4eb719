// Appointments and return-to-work advice on the wire, as far as they are read: the named fields and no other. Never
// asked for: the employee (citizen service number, no-risk flag), the professional, the organizational unit, prices. Never
// read though they come along: title, description, the reason of a cancellation, the video link, the number to call, the
// place, the name of the consult.
// Source: the published description "BlueVi Case Management API" v1, commit 79394600 of 2026-03-04; notes on it, 3.8.
// A field that does not have its form is read as absent: one odd row must not hold up all others.
import { z } from 'zod';
import { listOf } from './schema.js';

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
/** `YYYY-MM-DD HH:MM:SS`, local, in no zone. */
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .nullish()
  .catch(null);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .nullish()
  .catch(null);

/** `Appointment`, with `include=operation,dossier,employment,methodOfConsult`. */
const appointment = z.object({
  id: z.string().min(1),
  dateStart: moment,
  dateEnd: moment,
  dateUpdated: moment,
  status: text,
  methodOfConsult: text,
  /** Null when the operation did not come along: then nobody knows. */
  isAnonymous: flag,
  /** `Operation`: the kind of consult; its name can tell what somebody suffers from. */
  operation: z.object({ code: text }).nullish().catch(null),
  /** `DossierWithoutRelations`. */
  dossier: z.object({ externalKey: text, type: text, dateStart: day }).nullish().catch(null),
  /** `EmploymentWithoutRelations`. */
  employment: z.object({ isConfidential: flag }).nullish().catch(null),
});

export const appointmentList = listOf(appointment);
export type WireAppointment = z.output<typeof appointment>;

/** `DossierIllness`: which dossiers to ask about. Those that we opened have a key. */
const adviceDossier = z.object({
  id: z.string().min(1),
  externalKey: text,
  dossierStatus: text,
  dateStart: day,
});
export const adviceDossierList = listOf(adviceDossier);
export type WireAdviceDossier = z.output<typeof adviceDossier>;

/** `GetReturnToWorkAdviceResponse`: no field is required; what it gives when there is no advice is not documented. */
export const adviceAnswer = z.object({
  data: z
    .object({
      absenceCourses: z
        .array(
          z.object({ dateStart: day, dateEnd: day, recoveryPercentage: z.number().nullish().catch(null) }),
        )
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});
export type WireAdvice = NonNullable<z.output<typeof adviceAnswer>['data']>;
