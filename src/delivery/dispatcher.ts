// What wakes deliveries up. The store is the truth; a dispatcher only decides when to look at it.

export interface Dispatcher {
  /** Resolves items whose outcome is unknown, then begins to deliver. */
  start(): Promise<void>;
  /** Something may be due: look now rather than later. */
  wake(): void;
  /** Resolves when nothing is due and nothing is in flight; rejects when the store does not answer. */
  idle(): Promise<void>;
  /** Takes nothing new; waits for what is in flight, at most until the deadline, then aborts it. */
  stop(deadlineMs: number): Promise<void>;
}
