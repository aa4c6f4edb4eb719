// Every connector there is, by hand and in alphabetical order: a test fails when this list and the folders disagree.
import type { Connector } from '../src/connector.js';
import { calendar } from './calendar/index.js';
import { siviFolder } from './sivi-folder/index.js';
import { siviHttp } from './sivi-http/index.js';
import { siviSftp } from './sivi-sftp/index.js';
import { vismaRaetFiles } from './visma-raet-files/index.js';
import { vismaRaetPersonnelFile } from './visma-raet-personnel-file/index.js';
import { vismaRaetSivi } from './visma-raet-sivi/index.js';
import { vismaRaetWfm } from './visma-raet-wfm/index.js';
import { vismaVerzuim } from './visma-verzuim/index.js';

export const CONNECTORS: readonly Connector[] = [
  calendar,
  siviFolder,
  siviHttp,
  siviSftp,
  vismaRaetFiles,
  vismaRaetPersonnelFile,
  vismaRaetSivi,
  vismaRaetWfm,
  vismaVerzuim,
];
