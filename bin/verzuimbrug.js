#!/usr/bin/env node
// Refuses an old Node before anything is loaded: better-sqlite3 13 ends a Node 20 process without a word.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `verzuimbrug needs Node 22.12 or newer; this is Node ${process.versions.node}.\n` +
      'Run "npm run setup" in the project folder: it brings a newer Node in, and "npx verzuimbrug" then uses it.\n',
  );
  process.exit(2);
}
// A reader that has seen enough (`| head`) closes the pipe; that is no error of ours.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
const { main } = await import('../dist/src/cli.js');
process.exitCode = await main(process.argv.slice(2));
