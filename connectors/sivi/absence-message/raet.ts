// What Visma Raet fills of the absence message: release 2020, as its API describes it. Only for writing what it would
// send, in simulators and tests; reading goes by the whole table, since its description may gain fields.
// Source: the schemas of the published description of the HCA Sivi API, to which a test holds this list.
import type { Group, MessageTable } from '../elements.js';
import { raetMessage } from './releases.js';

const EMPLOYMENT = 'Verzuimmeldingen/Wrkgvr/Wrknmr/Dnstvbnd';
const CONTACT = 'IdWrknmr Persnr Achternaam Voorl Roepnaam GslchtCd RolCntprsnCd Com';

/** Path of a group to the tags in it. */
const SENT: Readonly<Record<string, string>> = {
  Verzuimmeldingen: 'BrAlg Wrkgvr',
  'Verzuimmeldingen/BrAlg':
    'BrCd VnrBrCd AandatBr AantijdBr IdInzndr GebrSwPakket IdOntvngr Berrefnr TestJN OntvngstbevJN',
  'Verzuimmeldingen/Wrkgvr': 'HndlsnmOrg IdWrkgvrArbdnst AansltnrGeguitwlngArbdnst Wrknmr',
  'Verzuimmeldingen/Wrkgvr/Wrknmr':
    'IngdatMut Gebdat Overldat SignNm Voorl Voorv Roepnaam TitVNm NmvrkrCd GslchtCd IdWrknmr IdWrknmrOud ' +
    'Prtnr StrAdrNl Com Dnstvbnd',
  'Verzuimmeldingen/Wrkgvr/Wrknmr/Prtnr': 'SignNm Voorv',
  'Verzuimmeldingen/Wrkgvr/Wrknmr/StrAdrNl':
    'SrtAdrsCd SrtVrplgadrsCd NmVrpladrs Ingdat Enddat Pc Wnpl StraatLang Huisnr HuisToev',
  'Verzuimmeldingen/Wrkgvr/Wrknmr/Com': 'SrtComCd NrCom',
  [EMPLOYMENT]:
    'IngdatMut IdDnstvbnd IdDnstvbndOud Ingdat Enddat RdEndDnstvbndCd PersNr PersNrOud Fnctcd NmFnct NmOrgeenh ' +
    'OrgeenhCd OndOrgeenhCd OndOrgeenhCdNm CdBepTd AantCtrcturenPWk Vrzm Cntprsn',
  [`${EMPLOYMENT}/Cntprsn`]: CONTACT,
  [`${EMPLOYMENT}/Cntprsn/Com`]: 'SrtComCd NrCom',
  [`${EMPLOYMENT}/Vrzm`]:
    'VrwrkCd IngdatMutVrzm IngdatMutVrzmOud VrzmgvlId VrzmgvlIdOud VrzmgvlVnrMld EndVrzmJN DatVrzmWrkgvr ' +
    'DatEerstVrzmdg DatEerstVrzmdgOud DatHrstld DatHrstldWrkgvr PrcVrzm OorzkVrzmCd VngntJN RdnEndVrzmCd WAZOCd ' +
    'Cntprsn Actie',
  [`${EMPLOYMENT}/Vrzm/Cntprsn`]: CONTACT,
  [`${EMPLOYMENT}/Vrzm/Cntprsn/Com`]: 'SrtComCd NrCom',
  [`${EMPLOYMENT}/Vrzm/Actie`]: 'ActieCd',
};

/** Fields that the description has as numbers. */
export const NUMBER_TAGS: ReadonlySet<string> = new Set(['VrzmgvlVnrMld', 'PrcVrzm', 'AantCtrcturenPWk']);

function narrowed(group: Group, path: string): Group {
  const sent = (SENT[path] ?? '').split(' ');
  const children = group.children
    .filter((child) => sent.includes(child.tag))
    .map((child) => {
      if (child.kind === 'group') return narrowed({ ...child, min: fewest(child) }, `${path}/${child.tag}`);
      return child.reading === 'key' ? child : { ...child, required: false };
    });
  return { ...group, children };
}

/** It leaves out much that the standard requires: a part may always be missing. */
const fewest = (group: Group): number => (group.role === 'part' ? 0 : group.min);

export const raetSent: MessageTable = {
  ...raetMessage,
  root: narrowed(raetMessage.root, raetMessage.root.tag),
};
