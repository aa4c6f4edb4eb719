// One step of `check`, and what it finds in words of the settings.
import { CodedError, ERRORS, PostponedError, type Problem } from '../../src/connector.js';
import { SettingError } from './errors.js';

export interface Step {
  readonly connection: string;
  /** The setting to look at when the error names none. */
  readonly option: string;
}

/** Empty when all is well; else one line. Which secret cannot be read is said by the problems that its error brings. */
export async function problemsOf(take: () => Promise<unknown>, step: Step): Promise<readonly Problem[]> {
  try {
    await take();
    return [];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.problems.length > 0) return error.problems;
    const [place, detail] = placed(error, step.option);
    return [{ code: error.code, path: `connections.${step.connection}.settings.${place}`, detail }];
  }
}

function placed(error: CodedError, option: string): [place: string, detail: string] {
  const what = error.message.replace(`${ERRORS[error.code].text} `, '');
  if (error instanceof SettingError) return [error.option, what];
  if (error instanceof PostponedError) return ['pace', what];
  return [option, `${what} Check ${option} and the way there: network, firewall, certificate.`];
}
