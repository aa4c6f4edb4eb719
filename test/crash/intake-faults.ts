// A sender that repeats itself and does not keep the order: every file comes twice, some thrice, and those of one batch
// come in any order. Each case must end as it stands at the source, however it came there.
import type { Chance } from '../../src/demo/chance.js';
import type { FedFile, Feed } from './feed.js';
import type { SceneFault } from './scene.js';

export const REPEATED: SceneFault = {
  name: 'every file comes twice or thrice',
  replicas: 2,
  files: 6,
  eachOnce: true,
  feed: (feed, chance) => changed(feed, (files) => files.flatMap((file) => repeated(file, chance))),
  round: (scene) => scene.progress(2),
};

export const REORDERED: SceneFault = {
  name: 'files come in any order, some twice',
  replicas: 2,
  files: 6,
  feed: (feed, chance) =>
    changed(feed, (files) => shuffled([...files, ...files.filter(() => chance.percent(30))], chance)),
  round: (scene) => scene.progress(2),
};

function changed(feed: Feed, change: (files: FedFile[]) => FedFile[]): Feed {
  return { ...feed, next: (count) => change(feed.next(count)) };
}

function repeated(file: FedFile, chance: Chance): FedFile[] {
  return chance.percent(30) ? [file, file, file] : [file, file];
}

function shuffled(files: readonly FedFile[], chance: Chance): FedFile[] {
  const left = [...files];
  return files.flatMap(() => left.splice(chance.below(left.length), 1));
}
