// The numbered steps of the path. Nothing happens at a step in the product; the crash tests hand in their own and end
// the process there.

export interface Steps {
  reach(step: string): void;
}

export const noSteps: Steps = { reach: () => {} };
