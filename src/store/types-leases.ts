// Leases: what one process may do for a while and no other, such as polling a connection. A lease ends by itself when
// its holder no longer prolongs it, by the clock of the store and not of any machine.

export interface Lease {
  readonly name: string;
  /** Grows whenever the lease changes hands or had run out: what was begun under an earlier one is refused. */
  readonly fence: number;
}

/** A lease for as long as this process shows that it lives, unless it is ended before. */
export interface Held {
  readonly lease: Lease;
  /** Never throws: where the store is away the lease is no longer prolonged, and ends soon after. */
  end(): Promise<void>;
}

export interface LeaseReader {
  /** Whether anybody holds it at this moment. */
  isHeld(name: string): Promise<boolean>;
}

export interface LeaseWriter extends LeaseReader {
  /** Takes it, or prolongs it for its holder; null when another opening of the store holds it. */
  take(name: string, forMs: number): Promise<Lease | null>;
  /**
   * Tells the others what this process runs with, as one word, and gives whether every process that delivers from the
   * store now runs with the same. A process that died counts until its time is over. Always true where only one may
   * deliver.
   */
  runsWith(what: string): Promise<boolean>;
  /**
   * To be asked in the very unit that writes what only the holder may write: nobody can take the lease before that unit
   * has ended. Throws LEASE_LOST.
   */
  expectHeld(lease: Lease): Promise<void>;
  /** Ends it, if it is still this one. */
  release(lease: Lease): Promise<void>;
}
