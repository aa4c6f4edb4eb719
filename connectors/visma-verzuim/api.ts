// The calls of the interface that are made, by name, each with its endpoint, filters and includes as constants: nothing
// can ask for a medical include, search by citizen service number, or reach an endpoint that is not here.
// Endpoints and filters: the published description; which to use: notes on the Visma Verzuim API, section 3.
import type { Call, Client } from './client.js';
import { type HeldCourse, type HeldDossier, heldCourse, heldDossier } from './courses.js';
import { type Listed, type ListShape, listing } from './listing.js';
import type { DossierChange } from './plan-dossier.js';
import {
  courseList,
  dossierList,
  employeeList,
  employmentList,
  type WireEmployment,
  written,
} from './schema.js';

/** One of the two is needed: a key of an employee alone says too little. */
export type Within = { readonly key: string } | { readonly employerKey: string };

export interface Api {
  /** Those with exactly this key; at this employer when one is given. */
  employmentsByKey(key: string, employerKey?: string): Promise<readonly WireEmployment[]>;
  /** The ids of those of an employee, of exactly one key or at an employer. */
  employmentsOf(employeeKey: string, within: Within): Promise<readonly string[]>;
  /** How many employees have exactly this key; nothing else of them is read. */
  employeesByKey(key: string): Promise<number>;
  /** All courses of an employment, with their dossiers. */
  courses(employmentId: string): Promise<readonly HeldCourse[]>;
  /** Those in the dossiers with exactly this key, of whatever employment. */
  coursesInDossier(key: string): Promise<readonly HeldCourse[]>;
  /** Those with exactly this key, of whatever employment. */
  coursesByKey(key: string): Promise<readonly HeldCourse[]>;
  hasCourse(key: string): Promise<boolean>;
  /** All illness dossiers of an employment. */
  dossiers(employmentId: string): Promise<readonly HeldDossier[]>;
  /** Those with exactly this key, of whatever employment. */
  dossiersByKey(key: string): Promise<readonly HeldDossier[]>;
  postCourse(body: object): Promise<void>;
  patchCourse(body: object): Promise<void>;
  deleteCourse(id: string): Promise<void>;
  patchDossier(id: string, change: DossierChange): Promise<void>;
  postEmployee(body: object): Promise<void>;
  patchEmployee(body: object): Promise<void>;
  postEmployment(body: object): Promise<void>;
  patchEmployment(body: object): Promise<void>;
}

const COURSES = '/absence-course';
const EMPLOYMENTS = '/employment';
const EMPLOYEES = '/employee';
const DOSSIERS = '/dossier/illness';

export function createApi(client: Client, signal: AbortSignal): Api {
  const list = listing(client, signal);
  const write = async (call: Call) => {
    await client.call(call, written, signal);
  };
  const byKey = async <Row extends { readonly id: string; readonly externalKey: string | null }>(
    { path, query = {} }: Partial<Listed> & Pick<Listed, 'path'>,
    key: string,
    shape: ListShape<Row>,
  ) => {
    const rows = await list({ path, query: { 'filter[externalKey]': key, ...query } }, shape);
    return rows.filter((row) => row.externalKey === key);
  };
  return {
    employmentsByKey(key, employerKey) {
      const query = employerKey === undefined ? {} : { 'filter[employerKey]': employerKey };
      return byKey({ path: EMPLOYMENTS, query }, key, employmentList);
    },
    async employmentsOf(employeeKey, within) {
      const path = EMPLOYMENTS;
      const query = { 'filter[employeeKey]': employeeKey };
      if ('key' in within) return idsOf(await byKey({ path, query }, within.key, employmentList));
      return idsOf(
        await list({ path, query: { ...query, 'filter[employerKey]': within.employerKey } }, employmentList),
      );
    },
    employeesByKey: async (key) => (await byKey({ path: EMPLOYEES }, key, employeeList)).length,
    async courses(employmentId) {
      const query = { 'filter[employmentId]': employmentId, include: 'dossier', sort: 'dateStart' };
      return (await list({ path: COURSES, query }, courseList)).map(heldCourse);
    },
    async coursesInDossier(key) {
      const query = { 'filter[dossierKey]': key, include: 'dossier', sort: 'dateStart' };
      const rows = (await list({ path: COURSES, query }, courseList)).map(heldCourse);
      return rows.filter(({ dossier }) => dossier?.key === key);
    },
    async coursesByKey(key) {
      const query = { include: 'dossier' };
      return (await byKey({ path: COURSES, query }, key, courseList)).map(heldCourse);
    },
    dossiersByKey: async (key) => (await byKey({ path: DOSSIERS }, key, dossierList)).map(heldDossier),
    hasCourse: async (key) => (await byKey({ path: COURSES }, key, courseList)).length > 0,
    async dossiers(employmentId) {
      const query = { 'filter[employmentId]': employmentId, sort: 'dateStart' };
      return (await list({ path: DOSSIERS, query }, dossierList)).map(heldDossier);
    },
    postCourse: (body) => write({ method: 'POST', path: COURSES, body }),
    patchCourse: (body) => write({ method: 'PATCH', path: COURSES, body }),
    deleteCourse: (id) => write({ method: 'DELETE', path: `${COURSES}/{id}`, id }),
    // The key is called an alternative to the id, but the id is required (notes, defect 4).
    patchDossier: (id, change) => write({ method: 'PATCH', path: DOSSIERS, body: { id, ...change } }),
    postEmployee: (body) => write({ method: 'POST', path: EMPLOYEES, body }),
    patchEmployee: (body) => write({ method: 'PATCH', path: EMPLOYEES, body }),
    postEmployment: (body) => write({ method: 'POST', path: EMPLOYMENTS, body }),
    patchEmployment: (body) => write({ method: 'PATCH', path: EMPLOYMENTS, body }),
  };
}

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
