import { createEmbeddedDispatcher } from '../../src/delivery/embedded.js';
import { describeDispatcher } from './dispatcher-contract.js';

describeDispatcher('the embedded dispatcher', createEmbeddedDispatcher);
