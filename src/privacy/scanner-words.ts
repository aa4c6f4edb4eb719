// The scanner's own word list: what people write when they tell why somebody is absent. Dutch, with the English words
// that occur in Dutch offices. Diagnoses, complaints, treatments and private matters may none of them go over
// (dutch-rules.md sections 1.2 P-10, 1.3 P-20 and 1.4).
//
// `griep` is a whole word; `migraine*` also begins longer ones; `+operatie` only ends longer ones; `*ontsteking` both.
// A space stands for a space, a hyphen or nothing. `~` marks what is a field of work as well (a nurse for diabetes):
// it counts only where the text does not read as a job or a unit.

export const CATEGORIES = ['diagnosis', 'complaint', 'treatment', 'pregnancy', 'private'] as const;
export type Category = (typeof CATEGORIES)[number];

const list = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
    .filter((entry) => entry !== '');

export const WORDS: Readonly<Record<Category, readonly string[]>> = {
  diagnosis: list(`
    ~griep*, +griep, verkouden*, ~corona, ~coronabesmetting, ~covid*, long covid, *ontsteking, bronchitis, ~astma*,
    ~copd, ~kanker*, +kanker, tumor*, +tumor, ~leukemie, uitzaaiing*, ~diabetes*, suikerziekte, hartaanval*,
    ~hartfalen, hartritmestoornis*, ~epilep*, *infarct, beroerte, ~cva, hersenbloeding*, hersenschudding*,
    ~hersenletsel*, hernia*, whiplash*, ~reuma*, artrose*, artritis, fibromyalgie*, migraine*, ~parkinson*,
    ~alzheimer*, ~dement*, burn out*, overspannen*, depressie*, depressief, depression, ~autis*, ~adhd, ~ptss,
    ~asperger*, bipolair*, schizofren*, psychose*, psychotisch*, borderline*, ~anorexia, ~boulimi*, ~eetstoornis*,
    angststoornis*, persoonlijkheidsstoornis*, ~verslaving*, verslaafd*, alcoholisme, alcoholist*, alcoholproble*,
    drugsproble*, ~hiv, ~aids, hepatitis, blindedarm*, niersteen, nierstenen, galsteen, galstenen, ~nierfalen,
    pfeiffer, lyme, gordelroos, eczeem, psoriasis, allergie*, allergisch*, tennisarm, muisarm, carpaal tunnel*,
    slijmbeurs*, hersenvlies*, trombose*, *embolie, bloedarmoede, glaucoom, tinnitus, ~multiple sclerose,
    armbreuk, +beenbreuk, beenbreuk, enkelbreuk, polsbreuk, heupbreuk, voetbreuk, botbreuk, liesbreuk, ribbreuk,
    gebroken been, gebroken arm, gebroken pols, gebroken enkel, gebroken heup, gebroken voet, gebroken rib*,
    gebroken vinger, gebroken schouder, been gebroken, arm gebroken, pols gebroken, enkel gebroken, heup gebroken,
    voet gebroken, rib gebroken, gekneusd*, kneuzing*, verstuikt*, verstuiking*, verzwikt*, gescheurd*, spierscheur*,
    kruisband*, meniscus*, cancer, pneumonia, diagnose
  `),
  complaint: list(`
    ziek, ziek gemeld, ~ziekte, ziektebeeld*, ziekteverloop*, ~chronisch zieke*, pijn, +pijn, pijnklacht*,
    rugklacht*, nekklacht*, schouderklacht*, knieklacht*, armklacht*, heupklacht*, maagklacht*, buikklacht*,
    darmklacht*, hartklacht*, hoofdpijnklacht*, longklacht*, stressklacht*, spanningsklacht*, vermoeidheidsklacht*,
    overgangsklacht*, gezondheidsklacht*, psychische klacht*, lichamelijke klacht*, medische klacht*, oververmoeid*,
    koorts*, misselijk*, duizelig*, braken, overgeven, diarree, hoesten, benauwd*, kortademig*, slapeloos*,
    slaapproblemen, uitgeput*, vermoeid*, ~stress, angstaanval*, paniekaanval*, ~hyperventil*, huilbui*,
    flauwgevallen, bewusteloos*, ~letsel, +letsel, gewond*, ~blessure*, kramp, krampen, door zijn rug, door haar rug,
    door de rug, last van, ~slechthorend*, ~slechtziend*, ~arbeidsongeschikt*, suicidaal, headache, fever, injured
  `),
  treatment: list(`
    geopereerd*, ~operatie, +operatie, ~ingreep, ~chemotherap*, chemokuur*, chemo, ~bestraling*, ~dialyse*,
    ~transplantat*, ~medicatie*, ~medicijn*, antidepressiv*, antibiotica, prednison*, ritalin, oxazepam, morfine,
    in behandeling, onder behandeling, ~therapie, bezoek psycholoog, bij psycholoog, bij de psycholoog,
    bij een psycholoog, naar psycholoog, naar de psycholoog, bij psychiater, bij de psychiater, naar de psychiater,
    bij huisarts, bij de huisarts, naar huisarts, naar de huisarts, bij de specialist, naar de specialist,
    naar ziekenhuis, naar het ziekenhuis, in ziekenhuis, in het ziekenhuis, ziekenhuisopname*, opgenomen, ~emdr,
    revalideert, revalideren, afkicken, afkickkliniek*, ontwenning*, ~stoma*, in het gips, arm in gips, been in gips,
    ~rolstoel, op krukken, curettage, ~abortus*, surgery
  `),
  pregnancy: list(`
    zwanger, zwangere, ~zwangerschap*, ~miskraam*, ~bevalling*, bevallen, bekkeninstab*, ~ivf, ~vruchtbaarheid*,
    doodgeboren*, ~postnataal*, pregnan*, in verwachting
  `),
  private: list(`
    ~echtscheiding*, in scheiding, na scheiding, gescheiden van, relatieproble*, huwelijksproble*, problemen thuis,
    thuissituatie, privesituatie, prive proble*, ~overlijden, overleden, sterfgeval*, ~rouw, ~rouwverwerking,
    ~mantelzorg, schulden, ~huiselijk geweld, ~mishandel*, ruzie*, arbeidsconflict*, gepest, ~pesten, ~zelfmoord*,
    ~zelfdoding*, ~suicide*, gedetineerd*, in detentie, divorce
  `),
};

/** Phrases that only look like a listed word. */
export const HARMLESS = list(`
  zieke leerlingen, ziektevervang*, vervanging ziekte, vervanging wegens ziekte, gebroken diensten, kanker instituut
`);

/** Parts of words by which a text reads as a job or a unit. */
export const WORK_PARTS = list(`
  docent, leraar, lerares, leerkracht, onderwijs, begeleid, coach, consulent, verpleegkund, verzorgend, specialist,
  medewerk, adviseur, coordinator, manager, teamleider, team, afdeling, unit, poli, centrum, expertise, behandelaar,
  therapeut, onderzoek, trainer, hulpverlen, zorg, arts, laborant, assistent, praktijkonders, mediator, preventie,
  voorlicht, school, college, sectie, dienst, groepsleider, maatschappelijk, functionaris, instituut, vervang, inval
`);

/** Words by which a text tells about a person instead of a job. */
export const TELLING = list(`
  ivm, i v m, in verband met, wegens, vanwege, sinds, door, heeft, had, lijdt, kreeg, krijgt, ziek, na, blijkt
`);

/** "with" tells about a person, too, unless it follows a group of people. */
export const GROUPS = list(`
  leerling*, kinder*, kind, jongere*, client*, mensen, patient*, student*, ouderen, volwassenen, bewoner*
`);

/** Parts of the names of care institutions, in Dutch and in the languages around. */
export const CARE_PARTS = list(`
  ziekenhuis, hospital, hospitaal, klinik, kliniek, clinic, clinique, revalidatie, verpleeghuis, verpleegtehuis,
  verzorging, zorgcentrum, zorginstelling, zorghotel, woonzorg, zorggroep, zorgboerderij, hospice, sanatorium,
  psychiatr, instelling, afkick, verslaving, herstel, oncolog, dialyse, geboortecentrum, kraamhotel, brandwonden,
  medisch, medical, gezondheidscentrum, krankenhaus, spital, hopital, penitentiair, detentie, gevangenis, opvang,
  blijf van mijn lijf, therapeut, behandelcentrum, kanker, poli, crisis
`);
export const CARE_WORDS = list(`
  ggz, umc, lumc, umcg, umcu, amc, vumc, mumc, erasmus mc, radboudumc, azm, paaz, tbs, fpc, rehab, mst, mcl, etz, mc
`);
