import { openEmbedded } from '../../src/embedded/openEmbedded.ts';

/**
 * Opens both servers in the folder given, prints their addresses, and closes them when standard input ends.
 */
const [dataDir = '', jarsDir = ''] = process.argv.slice(2);
const { close, ...servers } = await openEmbedded({
  dataDir,
  jarsDir,
  needs: { kafka: true, postgres: true },
  onProgress: (line) => console.error(line),
});
console.log(JSON.stringify(servers));
process.stdin.resume();
process.stdin.once('end', () => {
  void close();
});
