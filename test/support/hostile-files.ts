// Messages that are broken in every way a sender can break one, each with a word that must not be seen again, in a place
// where a careless message or log line would repeat it.
import { message } from './absence-messages.js';

export interface HostileFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly word: string;
}

type Breaking = (word: string, sound: string) => string | Uint8Array;

const swap = (from: string | RegExp, to: (word: string) => string): Breaking => {
  return (word, sound) => {
    const broken = sound.replace(from, to(word));
    if (broken === sound) throw new Error(`nothing to break at ${from}`);
    return broken;
  };
};

const BREAKINGS: Readonly<Record<string, Breaking>> = {
  'not-closed': (word) => `<a><b>${word}</a>`,
  'cut-off': (word, sound) => sound.slice(0, sound.indexOf('</SignNm>')).replace(/Testpersoon \d+/, word),
  'no-xml': (word) => word,
  'two-roots': (word, sound) => `${sound}<${word}/>`,
  'bad-tag': swap('<Wrknmr>', (word) => `<Wrknmr><${word} ${word}</${word}>`),
  'bad-reference': swap('Scholengroep', (word) => `&${word};`),
  'attribute-twice': swap('<Wrknmr>', (word) => `<Wrknmr a="${word}" a="${word}">`),
  doctype: (word, sound) =>
    sound.replace('?>', `?><!DOCTYPE x [<!ENTITY ${word} SYSTEM "file:///${word}">]>`),
  encoding: (word, sound) => sound.replace('UTF-8', word),
  'not-utf8': (word, sound) =>
    Buffer.concat([Buffer.from(sound.replace('Scholengroep', word)), Buffer.from([0xff, 0xfe, 0xc0])]),
  'other-root': (word) => `<${word} xmlns="urn:x">${word}</${word}>`,
  'other-namespace': swap(/xmlns="[^"]*"/, (word) => `xmlns="urn:${word}"`),
  'unknown-code': swap('<OorzkVrzmCd>99', (word) => `<OorzkVrzmCd>${word}`),
  'unknown-flag': swap('<EndVrzmJN>N', (word) => `<EndVrzmJN>${word}`),
  'unknown-processing': swap('<VrwrkCd>01', (word) => `<VrwrkCd>${word}`),
  'unknown-kind': swap('<SrtComCd>06', (word) => `<SrtComCd>${word}`),
  'unknown-gender': swap(/<GslchtCd>./g, (word) => `<GslchtCd>${word}`),
  'bad-date': swap('<DatEerstVrzmdg>2026-03-02', (word) => `<DatEerstVrzmdg>${word}`),
  'bad-birth-date': swap('<Gebdat>1980-02-03', (word) => `<Gebdat>${word}`),
  'bad-percentage': swap('<PrcVrzm>100.00', (word) => `<PrcVrzm>${word}`),
  'bad-number': swap('<VrzmgvlVnrMld>1', (word) => `<VrzmgvlVnrMld>${word}`),
  'twice-the-same': swap('<PrcVrzm>', (word) => `<PrcVrzm>${word}</PrcVrzm><PrcVrzm>`),
  'no-employer-number': swap(/<IdWrkgvrArbdnst>[^<]*/, (word) => `<!-- ${word} --><IdWrkgvrArbdnst>`),
  'test-flag': swap('<TestJN>N', (word) => `<TestJN>${word}`),
  'message-code': swap('<BrCd>00100', (word) => `<BrCd>${word}`),
  'medical-words': swap('<OrgeenhCd>', (word) => `<NmOrgeenh>depressie ${word}</NmOrgeenh><OrgeenhCd>`),
  'unknown-element': swap('<Wrknmr>', (word) => `<Wrknmr><Onbekend>${word}</Onbekend>`),
  'unknown-deep': swap('</Vrzm>', (word) => `<X><Y a="${word}"><![CDATA[${word}]]></Y></X></Vrzm>`),
  'attribute-value': swap('<Wrknmr>', (word) => `<Wrknmr reden="${word}">`),
  'text-between': swap('<Wrknmr>', (word) => `<Wrknmr>${word}`),
  instruction: swap('<Wrknmr>', (word) => `<?${word} ${word}?><!-- ${word} --><Wrknmr>`),
  'odd-element-name': swap('<Wrknmr>', (word) => `<Wrknmr><${word}é·/>`),
  'odd-attribute-name': swap('<Wrknmr>', (word) => `<Wrknmr ${word}ö="1">`),
  'long-element-name': swap('<Wrknmr>', (word) => `<Wrknmr><${'a'.repeat(60)}${word}/>`),
  'number-as-element-name': swap('<Wrknmr>', () => '<Wrknmr><n987654329/>'),
  'declared-prefix': swap('<Wrknmr>', (word) => `<Wrknmr xmlns:${word}="urn:${word}"><${word}:a/>`),
};

/** Numbers of the made-up cases, apart from those of other tests. */
const FIRST_CASE = 5_000;

export function hostileFiles(): HostileFile[] {
  return Object.entries(BREAKINGS).map(([name, breaking], index) => {
    const word = `Zq${'bcdfghjklm'[Math.floor(index / 10)]}${'bcdfghjklm'[index % 10]}xvkwq`;
    return { name: `${name}.xml`, content: breaking(word, message(FIRST_CASE + index)), word };
  });
}
