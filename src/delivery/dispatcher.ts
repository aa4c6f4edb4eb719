// What wakes deliveries up. The store is the truth; a dispatcher only decides when to look at it.

export interface Dispatcher {
  /** Begins to deliver; resolves once those are found whose outcome is unknown, and asks about them meanwhile. */
  start(): Promise<void>;
  /** Something may be due: look now rather than later. */
  wake(): void;
  /** Resolves when nothing is due and nothing is in flight; rejects when the store does not answer. */
  idle(): Promise<void>;
  /**
   * A real round trip through what deliveries are woken by; rejects with QUEUE_UNAVAILABLE. Deliveries may go on all the
   * same.
   */
  ready(): Promise<void>;
  /**
   * Takes nothing new; waits for what is in flight, at most until the deadline, then aborts it. Afterwards nothing is
   * claimed, and the store is left alone.
   */
  stop(deadlineMs: number): Promise<void>;
}
