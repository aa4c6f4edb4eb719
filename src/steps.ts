// The numbered steps of the path. Nothing happens at a step in the product; the crash tests hand in their own and end
// the process there.

export const PATH_STEPS = [
  'start: store open',
  'start: before an unknown outcome is settled',
  'start: unknown outcome settled',
  'intake: before the transaction',
  'intake: before the commit',
  'intake: committed, before the receipt',
  'intake: after the receipt',
  'resume: before the commit',
  'resume: committed',
  'delivery: claimed',
  'delivery: sending committed, before the first byte',
  'delivery: sent, before the outcome is committed',
  'delivery: outcome committed',
] as const;

export type PathStep = (typeof PATH_STEPS)[number];

export interface Steps {
  reach(step: PathStep): void;
}

export const noSteps: Steps = { reach: () => {} };
