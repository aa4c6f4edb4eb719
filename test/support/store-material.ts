// Made-up cleared values and new deliveries for tests of the store. What a gate would have cleared is only claimed to
// be cleared here: the store cannot tell the difference, and is not asked to.
import type { Payload } from '../../src/connector.js';
import type { Notification } from '../../src/domain/notification.js';
import type { Observation } from '../../src/domain/observation.js';
import type { CaseState } from '../../src/ledger/case-state.js';
import type { Cleared } from '../../src/privacy/gate.js';
import type { DeliveryBody, NewDelivery } from '../../src/store/types.js';

export function cleared<T>(value: T): Cleared<T> {
  return value as Cleared<T>;
}

const PEOPLE = {
  employer: { id: 'E1' },
  employee: { id: 'P1' },
  employment: { id: '1' },
};

export function payloadBody(body = '<made-up/>'): Extract<DeliveryBody, { stage: 'payload' }> {
  return { stage: 'payload', payload: cleared<Payload>({ contentType: 'application/xml', body }) };
}

export function observationBody(caseId = 'C1'): Extract<DeliveryBody, { stage: 'observation' }> {
  const observation: Observation = {
    ...PEOPLE,
    absence: {
      caseId,
      withdrawn: false,
      firstDay: '2026-03-02',
      percentages: [{ from: '2026-03-02', percentage: '100.00' }],
      ended: false,
    },
  };
  return { stage: 'observation', observation: cleared(observation) };
}

export function notificationBody(caseId = 'C1'): Extract<DeliveryBody, { stage: 'notification' }> {
  const notification: Notification = {
    kind: 'SickReport',
    ...PEOPLE,
    absence: {
      caseId,
      sequence: 1,
      firstDay: '2026-03-02',
      effectiveDate: '2026-03-02',
      percentage: '100.00',
      ended: false,
    },
  };
  return { stage: 'notification', notification: cleared(notification) };
}

export function caseState(caseId = 'C1', lastName = 'Voorbeeld'): Cleared<CaseState> {
  return cleared<CaseState>({
    caseId,
    laneCaseId: caseId,
    notified: 1,
    withdrawn: false,
    percentages: [{ from: '2026-03-02', percentage: '100.00' }],
    ...PEOPLE,
    employee: { id: 'P1', lastName },
    absence: { caseId, firstDay: '2026-03-02', ended: false },
    seen: [],
    advisedPercentages: [],
  });
}

/** A queued payload in a lane of its own, unless told otherwise. */
export function newDelivery(id: string, at: number, over: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id,
    route: 'absences',
    lane: `lane-${id}`,
    caseKey: `case-${id}`,
    subject: 'subject-1',
    kind: 'SickReport',
    sourceReference: 'message-1.xml',
    body: payloadBody(),
    state: 'queued',
    at,
    ...over,
  };
}
