// Counts a test run and prints the closing line of .ci/run: `N passed, N failed`. Whatever is not a passed test counts
// as failed: skipped and unwritten ones, suites that did not run, an empty run, a failed `npm run check`.
// Arguments: the file of results that jest wrote, the exit code of the tests, the exit code of the check.
import { readFileSync } from 'node:fs';

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Gives the passed tests and, in words, everything that failed. */
function count(results, testsExit, checkExit) {
  if (!results) return { passed: 0, failures: ['the tests did not run to their end'] };
  const failures = [];
  for (const suite of results.testResults) {
    if (suite.status === 'failed' && suite.assertionResults.length === 0)
      failures.push(`suite: ${suite.name}`);
    for (const test of suite.assertionResults) {
      if (test.status !== 'passed') failures.push(`${test.status}: ${test.fullName}`);
    }
  }
  const passed = results.numPassedTests;
  if (passed === 0 && failures.length === 0) failures.push('there was no test');
  if (testsExit !== 0 && failures.length === 0) failures.push(`npm test ended with exit code ${testsExit}`);
  if (checkExit !== 0) failures.push(`npm run check ended with exit code ${checkExit}`);
  return { passed, failures };
}

const [file = '', testsExit = '1', checkExit = '1'] = process.argv.slice(2);
const { passed, failures } = count(read(file), Number(testsExit), Number(checkExit));
for (const failure of failures) process.stdout.write(`not passed: ${failure}\n`);
process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
