// The calls of the simulated API, one line each.
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { JsonObject } from '../../../src/connector.js';
import { PATCH_COURSE, PATCH_DOSSIER, POST_COURSE } from './bodies-absence.js';
import {
  PATCH_CONTRACT,
  PATCH_EMPLOYEE,
  PATCH_EMPLOYMENT,
  POST_CONTRACT,
  POST_EMPLOYEE,
  POST_EMPLOYMENT,
} from './bodies-people.js';
import { patchContract, postContract } from './contract-rules.js';
import { deleteCourse, patchCourse, postCourse } from './course-rules.js';
import { patchDossier } from './dossier-rules.js';
import { changed, deleted } from './envelopes.js';
import { type Listing, list, type Query } from './listing.js';
import { COURSES, DOSSIERS, REASONS } from './listings-absence.js';
import { APPOINTMENTS } from './listings-appointments.js';
import { CONTRACTS, EMPLOYEES, EMPLOYERS, EMPLOYMENTS, UNITS } from './listings-people.js';
import { patchEmployee, patchEmployment, postEmployee, postEmployment } from './people-rules.js';
import { readBody, withoutScriptTags } from './refusal.js';
import { unasked, type Wants } from './relations.js';
import type { World } from './rows.js';
import { showCourse, showDossier } from './show-absence.js';
import { adviceOf } from './show-appointments.js';
import { showContract, showEmployee, showEmployment } from './show-people.js';
import type { TokenDesk } from './tokens.js';

interface Write<S extends z.ZodType, R> {
  readonly schema: S;
  readonly apply: (world: World, body: z.output<S>) => R;
  readonly show: (world: World, row: R, wants: Wants) => JsonObject;
}

export interface RouteParts {
  readonly world: World;
  readonly tokens: TokenDesk;
  /** The simulator's own address, for links; known once it listens. */
  readonly baseUrl: () => string;
}

export function addRoutes(server: FastifyInstance, { world, tokens, baseUrl }: RouteParts): void {
  const lists = <R>(listing: Listing<R>) =>
    server.get(listing.path, (request) => list(world, listing, request.query as Query, baseUrl()));
  const writes = <S extends z.ZodType, R>(
    method: 'POST' | 'PATCH',
    url: string,
    { schema, apply, show }: Write<S, R>,
  ) =>
    server.route({
      method,
      url,
      handler: (request, reply) => {
        const row = apply(world, readBody(schema, withoutScriptTags(request.body)));
        const status = method === 'POST' ? 201 : 200;
        return reply.code(status).send(changed(world, status, show(world, row, unasked(world.rules))));
      },
    });

  server.get('/health/ping', (_request, reply) => reply.code(200).send());
  server.post('/auth/token', (request, reply) => {
    const { status, body } = tokens.issue(request.body);
    return reply.code(status).send(body);
  });

  lists(COURSES);
  lists(DOSSIERS);
  lists(REASONS);
  lists(EMPLOYEES);
  lists(EMPLOYMENTS);
  lists(CONTRACTS);
  lists(EMPLOYERS);
  lists(UNITS);
  lists(APPOINTMENTS);
  server.get<{ Params: { id: string } }>('/dossier/:id/return-to-work-advice', (request) => ({
    data: adviceOf(world, request.params.id),
  }));

  writes('POST', '/absence-course', { schema: POST_COURSE, apply: postCourse, show: showCourse });
  writes('PATCH', '/absence-course', { schema: PATCH_COURSE, apply: patchCourse, show: showCourse });
  writes('PATCH', '/dossier/illness', { schema: PATCH_DOSSIER, apply: patchDossier, show: showDossier });
  writes('POST', '/employee', { schema: POST_EMPLOYEE, apply: postEmployee, show: showEmployee });
  writes('PATCH', '/employee', { schema: PATCH_EMPLOYEE, apply: patchEmployee, show: showEmployee });
  writes('POST', '/employment', { schema: POST_EMPLOYMENT, apply: postEmployment, show: showEmployment });
  writes('PATCH', '/employment', { schema: PATCH_EMPLOYMENT, apply: patchEmployment, show: showEmployment });
  writes('POST', '/employment/contract', { schema: POST_CONTRACT, apply: postContract, show: showContract });
  writes('PATCH', '/employment/contract', {
    schema: PATCH_CONTRACT,
    apply: patchContract,
    show: showContract,
  });
  server.delete<{ Params: { id: string } }>('/absence-course/:id', (request) => {
    deleteCourse(world, request.params.id);
    return deleted(world);
  });
}
