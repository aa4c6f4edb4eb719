// Every connector there is, by hand and in alphabetical order: a test fails when this list and the folders disagree.
import type { Connector } from '../src/connector.js';
import { siviFolder } from './sivi-folder/index.js';
import { siviHttp } from './sivi-http/index.js';
import { vismaRaetSivi } from './visma-raet-sivi/index.js';
import { vismaRaetWfm } from './visma-raet-wfm/index.js';
import { vismaVerzuim } from './visma-verzuim/index.js';

export const CONNECTORS: readonly Connector[] = [
  siviFolder,
  siviHttp,
  vismaRaetSivi,
  vismaRaetWfm,
  vismaVerzuim,
];
