// The people and organisations of an absence, in the field's own terms. Plain data; every value is text until it is
// typed here. Which of these fields may leave is not decided here: see privacy/rules.ts.

/** A calendar date, YYYY-MM-DD. Never an instant: an illness begins on a day, in no time zone. */
export type PlainDate = string;

/** A percentage as text with exactly two decimals, "0.00" to "100.00": no rounding by floating point. */
export type Percentage = string;

export interface Communication {
  /** What the number or address is for. */
  readonly kind?: string;
  readonly value?: string;
}

export interface Contact {
  readonly employeeId?: string;
  readonly personnelNumber?: string;
  readonly lastName?: string;
  readonly initials?: string;
  readonly calledName?: string;
  readonly gender?: string;
  readonly role?: string;
  readonly contactId?: string;
  readonly communications?: readonly Communication[];
}

export interface Address {
  /** home or nursing; for an employer visiting, post and the like. */
  readonly kind?: string;
  readonly nursingKind?: string;
  readonly nursingPlaceName?: string;
  readonly startDate?: PlainDate;
  readonly endDate?: PlainDate;
  readonly postcode?: string;
  readonly town?: string;
  readonly street?: string;
  readonly houseNumber?: string;
  readonly houseNumberSuffix?: string;
}

export interface ForeignAddress {
  readonly kind?: string;
  readonly nursingKind?: string;
  readonly nursingPlaceName?: string;
  readonly startDate?: PlainDate;
  readonly endDate?: PlainDate;
  readonly location?: string;
  readonly postcode?: string;
  readonly town?: string;
  readonly region?: string;
  readonly countryCode?: string;
  readonly countryName?: string;
  readonly street?: string;
  readonly houseNumber?: string;
}

export interface PostBox {
  readonly startDate?: PlainDate;
  readonly endDate?: PlainDate;
  readonly postcode?: string;
  readonly town?: string;
  readonly number?: string;
}

export interface AdministrationOffice {
  readonly name?: string;
  readonly chamberOfCommerceNumber?: string;
  readonly establishmentNumber?: string;
}

export interface Employer {
  /** The employer's id at the arbodienst. */
  readonly id: string;
  readonly name?: string;
  /** Number of the connection for data exchange, given by the arbodienst. */
  readonly connectionNumber?: string;
  readonly chamberOfCommerceNumber?: string;
  readonly establishmentNumber?: string;
  readonly uwvId?: string;
  readonly payrollTaxNumber?: string;
  readonly ownRiskWga?: boolean;
  readonly ownRiskSicknessBenefits?: boolean;
  readonly addresses?: readonly Address[];
  readonly postBoxes?: readonly PostBox[];
  readonly communications?: readonly Communication[];
  readonly contacts?: readonly Contact[];
}

export interface Employee {
  readonly id: string;
  readonly previousId?: string;
  readonly effectiveDate?: PlainDate;
  readonly bsn?: string;
  readonly birthDate?: PlainDate;
  readonly deathDate?: PlainDate;
  readonly lastName?: string;
  readonly initials?: string;
  readonly prefix?: string;
  readonly calledName?: string;
  readonly titleBefore?: string;
  readonly titleAfter?: string;
  readonly namePreference?: string;
  readonly gender?: string;
  readonly educationLevel?: string;
  readonly noRisk?: boolean;
  readonly bankAccount?: { readonly iban?: string; readonly bic?: string };
  readonly partner?: { readonly lastName?: string; readonly prefix?: string };
  readonly addresses?: readonly Address[];
  readonly foreignAddresses?: readonly ForeignAddress[];
  readonly communications?: readonly Communication[];
}

export interface Employment {
  readonly id: string;
  readonly previousId?: string;
  readonly effectiveDate?: PlainDate;
  readonly startDate?: PlainDate;
  readonly endDate?: PlainDate;
  readonly endReason?: string;
  readonly personnelNumber?: string;
  readonly previousPersonnelNumber?: string;
  readonly contractNumber?: string;
  readonly kind?: string;
  readonly jobCode?: string;
  readonly jobName?: string;
  readonly agencyPhase?: string;
  readonly unitName?: string;
  readonly unitCode?: string;
  readonly parentUnitCode?: string;
  readonly parentUnitName?: string;
  readonly workplacePostcode?: string;
  readonly workplaceName?: string;
  readonly distributionCode?: string;
  readonly contractTerm?: string;
  readonly contractHours?: string;
  readonly normHours?: string;
  readonly variableHours?: string;
  readonly waitingDays?: string;
  readonly wagePercentage?: Percentage;
  readonly workRelation?: {
    readonly id?: string;
    readonly previousId?: string;
    readonly personnelNumber?: string;
    readonly previousPersonnelNumber?: string;
    readonly startDate?: PlainDate;
    readonly endDate?: PlainDate;
    readonly effectiveDate?: PlainDate;
    readonly contractHours?: string;
  };
  readonly costCentres?: readonly {
    readonly name?: string;
    readonly code?: string;
    readonly parentCode?: string;
    readonly parentName?: string;
    readonly startDate?: PlainDate;
    readonly effectiveDate?: PlainDate;
    readonly endDate?: PlainDate;
  }[];
  readonly contacts?: readonly Contact[];
}
