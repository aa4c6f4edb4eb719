// A smallest message to change one thing of, for tests of the codec.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { Decoded, JsonObject } from '../../src/connector.js';

export const NAMESPACE = 'http://www.sivi.org/Verzuimmanagement/Verzuimmeldingen/';

const CONTACT = `<Cntprsn><Achternaam>Contact</Achternaam><Voorl>C</Voorl><GslchtCd>O</GslchtCd>
<RolCntprsnCd>01</RolCntprsnCd><Com><SrtComCd>06</SrtComCd><NrCom>0100000000</NrCom></Com></Cntprsn>`;

export const HEADER = `<BrAlg><BrCd>00100</BrCd><VnrBrCd>00013</VnrBrCd><AandatBr>2026-03-02</AandatBr>
<AantijdBr>08:15:00</AantijdBr><IdInzndr>HR</IdInzndr><GebrSwPakket>P</GebrSwPakket><IdOntvngr>ARBO-1</IdOntvngr>
<Berrefnr>REF-1</Berrefnr><TestJN>N</TestJN><OntvngstbevJN>N</OntvngstbevJN></BrAlg>`;

export const ABSENCE = `<Vrzm><VrwrkCd>01</VrwrkCd><IngdatMutVrzm>2026-02-23</IngdatMutVrzm><VrzmgvlId>ZV-42</VrzmgvlId>
<VrzmgvlVnrMld>1</VrzmgvlVnrMld><EndVrzmJN>N</EndVrzmJN><DatEerstVrzmdg>2026-02-23</DatEerstVrzmdg>
<PrcVrzm>100.00</PrcVrzm><OorzkVrzmCd>99</OorzkVrzmCd><VngntJN>N</VngntJN>${CONTACT}</Vrzm>`;

export const EMPLOYMENT = `<Dnstvbnd><IdDnstvbnd>D-1</IdDnstvbnd><Ingdat>2019-08-01</Ingdat><OrgeenhCd>OB</OrgeenhCd>
${ABSENCE}${CONTACT}</Dnstvbnd>`;

export const EMPLOYEE = `<Wrknmr><Gebdat>1980-02-29</Gebdat><SignNm>Verzonnen</SignNm><Voorl>AB</Voorl>
<NmvrkrCd>01</NmvrkrCd><GslchtCd>V</GslchtCd><IdWrknmr>007</IdWrknmr>${EMPLOYMENT}</Wrknmr>`;

export const EMPLOYER = `<Wrkgvr><HndlsnmOrg>Voorbeeldscholen</HndlsnmOrg><IdWrkgvrArbdnst>0105</IdWrkgvrArbdnst>
<AansltnrGeguitwlngArbdnst>6431</AansltnrGeguitwlngArbdnst>${EMPLOYEE}</Wrkgvr>`;

/** A valid message of release 2026; `body` stands for everything inside the root. */
export function message(body = HEADER + EMPLOYER, release = '2026'): string {
  return `<Verzuimmeldingen xmlns="${NAMESPACE}${release}">${body}</Verzuimmeldingen>`;
}

/** The message with one piece of it replaced; throws when the piece is not there. */
export function changed(from: string, to: string): string {
  const whole = message();
  if (!whole.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return whole.replace(from, () => to);
}

export function decodeText(xml: string): Decoded {
  return decodeMessage(new TextEncoder().encode(xml));
}

export function decodeFixture(name: string): Decoded {
  return decodeMessage(readFileSync(resolve('test/fixtures/sivi', name)));
}

/** The only record of a message in which nothing is wrong. */
export function recordOf(decoded: Decoded): JsonObject {
  const [first] = decoded.records;
  if (!first || decoded.problems.length > 0 || first.problems.length > 0 || decoded.records.length > 1) {
    throw new Error(`not one record without problems: ${JSON.stringify(decoded)}`);
  }
  return first.record;
}

/** Group of a record, for reading a field of it. */
export function group(record: JsonObject | undefined, name: string): JsonObject {
  return (record?.[name] ?? {}) as JsonObject;
}
