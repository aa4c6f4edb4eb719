// Runs once before all tests: Node keeps what it compiled of the product and of the test servers, because hundreds of
// processes start in a run and compiling is a good part of each start.
import { fileURLToPath } from 'node:url';

export default function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
    new URL('../../node_modules/.cache/compiled', import.meta.url),
  );
}
