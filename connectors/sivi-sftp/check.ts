// Can we log in there, and are the folders what the settings say? Looks at the folders themselves, lists nothing and makes
// nothing. One line for each fault; without a login there is only that one.
import { CodedError, type Problem, type RemoteDisk, SftpRefusal } from '../../src/connector.js';
import { fileError } from '../sivi-files/file-errors.js';
import { foldersOf } from '../sivi-files/folders.js';
import type { Halves } from './settings.js';

interface Checking {
  readonly disk: RemoteDisk;
  readonly connection: string;
  readonly signal: AbortSignal;
}

export async function check(halves: Halves, { disk, connection, signal }: Checking): Promise<Problem[]> {
  const at = (option: string) => `connections.${connection}.settings.${option}`;
  try {
    await disk.logIn(signal);
  } catch (error) {
    return [problemOf(error, at(error instanceof SftpRefusal ? error.about : 'host'))];
  }
  const files = disk.during(signal);
  const problems: Problem[] = [];
  for (const { option, path, mayBeMissing } of foldersOf(halves)) {
    try {
      if (mayBeMissing && (await files.info(path)) === null) continue;
      await files.checkFolder(path);
    } catch (error) {
      problems.push(problemOf(fileError(error, option), at(option)));
    }
  }
  return problems;
}

function problemOf(error: unknown, path: string): Problem {
  if (!(error instanceof CodedError)) throw error;
  return { code: error.code, path, detail: error.message };
}
